namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A question about a record of a B-tree.</summary>
internal delegate bool HfsKeyTest(Fields record);

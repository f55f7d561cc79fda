namespace Firmament.Core.Backends;

/// <summary>A time of a file's.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public readonly record struct FileTime(long Seconds, long Nanoseconds);

namespace Firmament.DeviceTree.Flattened;

/// <summary>The parts of a blob after the header.</summary>
internal enum FdtBlockKind
{
    Reservations,
    Structure,
    Strings,
}

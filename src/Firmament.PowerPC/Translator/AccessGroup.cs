namespace Firmament.PowerPC.Translator;

/// <summary>
/// Accesses of a straight line at displacements from one register that does not change between them. The first looks up the page that all lie in
/// and keeps the host address; the others use it. Where they do not all lie in one page it keeps 0, and each looks up its own.
/// </summary>
/// <param name="Base">The general register.</param>
/// <param name="Write">Stores; loads have another TLB.</param>
/// <param name="First">Least displacement, to which the host address belongs.</param>
/// <param name="End">Displacement behind the last byte.</param>
/// <param name="Slot">Where the address is kept.</param>
internal readonly record struct AccessGroup(int Base, bool Write, int First, int End, int Slot)
{
    /// <summary>True when the group covers an access.</summary>
    public bool Covers(int gpr, bool write, int displacement, int size) =>
        gpr == Base && write == Write && displacement >= First && displacement + size <= End;
}

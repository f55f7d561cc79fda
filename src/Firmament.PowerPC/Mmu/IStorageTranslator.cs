namespace Firmament.PowerPC.Mmu;

/// <summary>
/// One way from effective to real addresses: SLB and hashed page table, or radix tree. Called only with relocation on (MSR[IR] for a
/// fetch, MSR[DR] for data), at a software TLB miss. Source: Power ISA 3.0B Book III chapter 5.
/// </summary>
internal interface IStorageTranslator
{
    /// <summary>Translates one access.</summary>
    /// <param name="ea">The effective address, 64 bits; already truncated when MSR[SF] is 0.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="msr">The MSR the access is made under; PR is what counts.</param>
    /// <param name="updateReferenceChange">True to set R and C in the table; false for a debugger's or firmware's look.</param>
    /// <param name="result">Where it leads.</param>
    /// <param name="fault">Why it does not.</param>
    /// <returns>True when <paramref name="result"/> is valid, false when <paramref name="fault"/> is.</returns>
    bool Translate(ulong ea, AccessKind kind, ulong msr, bool updateReferenceChange, out StorageTranslation result, out StorageFault fault);
}

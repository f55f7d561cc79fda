namespace Firmament.PowerPC.Mmu;

/// <summary>
/// How a partition's effective addresses become real ones: a hashed page table that the hypervisor keeps, or radix trees that the guest
/// keeps behind a process table. One object, shared by all CPUs of the partition. Source: Power ISA 3.0B Book III chapter 5.
/// </summary>
public sealed class PartitionTranslation
{
    /// <summary>True for radix translation (LPCR[HR]).</summary>
    public bool IsRadix { get; set; }

    /// <summary>True when the guest may invalidate translations itself (LPCR[GTSE]).</summary>
    public bool GuestInvalidates { get; set; }

    /// <summary>Logical real address of the process table; 0 while none is registered.</summary>
    public ulong ProcessTable { get; set; }

    /// <summary>Bytes of the process table.</summary>
    public ulong ProcessTableSize { get; set; }
}

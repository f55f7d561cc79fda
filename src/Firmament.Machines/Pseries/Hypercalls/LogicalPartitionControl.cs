namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>Bits of LPCR that a partition chooses by hypercall (Power ISA 3.0B Book III 2.2).</summary>
internal static class LogicalPartitionControl
{
    /// <summary>ILE: interrupts enter little-endian mode.</summary>
    public const ulong InterruptLittleEndian = 1UL << (63 - 38);

    /// <summary>Places of AIL's least significant bit.</summary>
    public const int AlternateInterruptLocationShift = 63 - 40;

    /// <summary>AIL: interrupts are taken with relocation on.</summary>
    public const ulong AlternateInterruptLocation = 3UL << AlternateInterruptLocationShift;

    /// <summary>LD: the decrementer has all the bits that `ibm,dec-bits` promises. The hypervisor's choice, not the guest's.</summary>
    public const ulong LargeDecrementer = 1UL << (63 - 46);

    /// <summary>UPRT: translation uses process tables.</summary>
    public const ulong UsesProcessTable = 1UL << (63 - 41);

    /// <summary>HR: the host, and so the partition, uses radix.</summary>
    public const ulong HostRadix = 1UL << (63 - 43);

    /// <summary>GTSE: the guest may use tlbie.</summary>
    public const ulong GuestInvalidates = 1UL << (63 - 53);

    /// <summary>All of them: what a CPU that is started takes over from its starter.</summary>
    public const ulong GuestChoices = InterruptLittleEndian | AlternateInterruptLocation | UsesProcessTable | HostRadix | GuestInvalidates;
}

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// Causes of storage interrupts that only the 64-bit server environment has, beside those in Exceptions.Interrupts. The same bits in
/// DSISR and SRR1. Source: Power ISA 3.0B Book III 7.5.3, 7.5.5.
/// </summary>
internal static class Book3SCause
{
    /// <summary>Bit 42: virtual page class key protection (AMR, IAMR) of a hashed page.</summary>
    public const uint KeyProtection = 0x0020_0000;

    /// <summary>Bit 44: a radix tree that the CPU does not support, or whose tables lie outside memory.</summary>
    public const uint BadConfiguration = 0x0008_0000;
}

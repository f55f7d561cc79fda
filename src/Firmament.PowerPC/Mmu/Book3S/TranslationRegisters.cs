namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// The special-purpose registers of one CPU that take part in translation, where its translators find them. The CPU writes them
/// whenever software writes the registers, and forgets its translations then; its SPR file is what is saved.
/// </summary>
internal sealed class TranslationRegisters
{
    /// <summary>PIDR: the process whose tree quadrant 0 uses; 32 bits at most (20 in POWER9).</summary>
    public ulong Pid { get; set; }

    /// <summary>AMR: two bits a key, key 0 first; the first forbids stores, the second loads.</summary>
    public ulong Amr { get; set; }

    /// <summary>IAMR: two bits a key, key 0 first; the second forbids fetches.</summary>
    public ulong Iamr { get; set; }
}

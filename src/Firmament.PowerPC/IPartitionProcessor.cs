using Firmament.PowerPC.Mmu;

namespace Firmament.PowerPC;

/// <summary>A virtual CPU of a logical partition, as its PAPR hypervisor sees it. Machine's thread only.</summary>
public interface IPartitionProcessor : IProcessor
{
    /// <summary>The logical partitioning control register: AIL, ILE, UPRT, HR, GTSE are the partition's choices, made by hypercalls.</summary>
    ulong Lpcr { get; set; }

    /// <summary>The address translation that all CPUs of the partition share.</summary>
    PartitionTranslation Translation { get; }

    /// <summary>Says where system resets and machine checks go; null leaves them to the architected vectors.</summary>
    INonMaskableHandlers? NonMaskableHandlers { get; set; }

    /// <summary>True while it executes nothing until <see cref="Start"/>.</summary>
    bool IsStopped { get; }

    /// <summary>True while it waits for an interrupt or a prod (H_CEDE).</summary>
    bool IsCeded { get; }

    /// <summary>Stops it (RTAS stop-self); interrupts do not wake it.</summary>
    void Stop();

    /// <summary>Starts it in real mode at a logical real address, 64-bit big-endian mode, with <paramref name="r3"/> set.</summary>
    void Start(ulong pc, ulong r3);

    /// <summary>H_CEDE: sets MSR[EE] and waits; returns at once when an interrupt or a prod is pending.</summary>
    void Cede();

    /// <summary>H_PROD: wakes it from <see cref="Cede"/>, or makes its next one return at once.</summary>
    void Prod();

    /// <summary>A system reset interrupt (H_SIGNAL_SYS_RESET), delivered before its next instruction.</summary>
    void SystemReset();

    /// <summary>Reads a special-purpose register by number, whatever the CPU's state; 0 where there is none.</summary>
    ulong ReadSpr(int spr);

    /// <summary>Writes a special-purpose register by number as the hypervisor would; nothing happens where there is none.</summary>
    void WriteSpr(int spr, ulong value);

    /// <summary>Drops what the CPU remembers of translations, after the hypervisor changed the tables.</summary>
    void InvalidateTranslations();

    /// <summary>
    /// Drops what the CPU remembers of translations of one page, in whatever segments: of effective addresses whose low 28 bits are the
    /// offset's. Dropping more is allowed.
    /// </summary>
    /// <param name="segmentOffset">Bytes from the segment's start, a multiple of the page's size; only the low 28 bits count.</param>
    /// <param name="pageShift">log2 of the page's size; 28 or more means all.</param>
    void InvalidatePage(ulong segmentOffset, int pageShift) => InvalidateTranslations();
}

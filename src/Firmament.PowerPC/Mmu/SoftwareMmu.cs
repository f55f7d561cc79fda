using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Mmu;

/// <summary>
/// A memory management unit as the engine uses it: software TLBs for the fast paths, and translation where they miss.
/// </summary>
internal abstract unsafe class SoftwareMmu : IDisposable
{
    /// <summary>Translations done because no TLB entry matched.</summary>
    public long Walks { get; protected set; }

    /// <summary>Whole-TLB invalidations.</summary>
    public long Flushes { get; protected set; }

    /// <summary>Points the fast paths at the TLBs of the current MSR.</summary>
    public abstract void SelectContext();

    /// <summary>Drops every translated entry.</summary>
    public abstract void Flush();

    /// <summary>Drops every entry of every context.</summary>
    public abstract void FlushAll();

    /// <summary>A page got its first decoded instructions: stores to it must take the slow path from now on.</summary>
    public abstract void ProtectCodePage(ulong physicalPage);

    /// <summary>Translates a data access in the current mode and remembers RAM pages in the TLB. False: an interrupt is due.</summary>
    public abstract bool TranslateData(ulong ea, bool write, out ulong physical, out StorageFault fault);

    /// <summary>Translates a fetch. False: an interrupt is due.</summary>
    public abstract bool TranslateFetch(ulong ea, out ulong physical, out StorageFault fault);

    /// <summary>Translates without side effects on the guest, for firmware and debuggers.</summary>
    public abstract bool Probe(ulong ea, bool write, out ulong physical);

    /// <summary>Remembers the decoded page behind an effective page.</summary>
    public abstract void FillFetch(ulong ea, Insn* insns);

    /// <summary>tlbie of a 32-bit CPU.</summary>
    public virtual void InvalidatePage(ulong ea) => Flush();

    /// <summary>mtsr, mtsrin of a 32-bit CPU.</summary>
    public virtual void WriteSegment(int index, uint value)
    {
    }

    /// <summary>tlbld, tlbli of a 7450.</summary>
    public virtual void LoadTlb(uint ea, bool instruction)
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}

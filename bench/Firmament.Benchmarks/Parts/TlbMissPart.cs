using Firmament.PowerPC.Isa;

namespace Firmament.Benchmarks.Parts;

/// <summary>A load from a page that the software TLB has forgotten and the guest's tables have. All pages are the same page of RAM.</summary>
public abstract class TlbMissPart : LoopPart
{
    /// <summary>Four times as many as the TLB holds, and again from the first.</summary>
    protected const uint Pages = 4096;

    /// <summary>The smallest page, in bytes.</summary>
    protected const uint PageBytes = 4096;

    /// <summary>MSR[DR]; code is fetched untranslated.</summary>
    protected const ulong DataRelocate = 0x10;

    /// <inheritdoc/>
    protected override int InstructionsInTurn => 4;

    private protected static void Body(Assembler code)
    {
        code.Lwz(5, 0, 4);
        code.Addi(4, 4, (int)PageBytes);
        code.Rlwinm(4, 4, 0, 8, 31);
    }

    private protected override long Count(GuestLoop loop) => loop.Cpu.TlbMisses;
}

using System.Buffers.Binary;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Engine;
using Firmament.Core.Memory;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>One user-level machine state as guest.c lays it out, big-endian, with 512 bytes of scratch memory.</summary>
internal static unsafe class StateBlock
{
    public const int Cr = 128;
    public const int Xer = 132;
    public const int Lr = 136;
    public const int Fpscr = 140;
    public const int Fpr = 144;
    public const int Vscr = 400;
    public const int Vr = 416;
    public const int Scratch = 928;
    public const int ScratchBytes = 512;
    public const int Status = 1440;
    public const int Size = 1456;

    /// <summary>Puts a block into the CPU.</summary>
    public static void Apply(CpuRig rig, ReadOnlySpan<byte> block)
    {
        CpuState* s = rig.Cpu.State;
        for (int n = 0; n < 32; n++)
        {
            s->Gpr[n] = Word(block, 4 * n);
            s->Fpr(n) = Double(block, Fpr + (8 * n));
            s->Vsr[65 + (2 * n)] = Double(block, Vr + (16 * n));
            s->Vsr[64 + (2 * n)] = Double(block, Vr + (16 * n) + 8);
        }

        s->SetCr(Word(block, Cr));
        s->SetXer(Word(block, Xer));
        s->Lr = Word(block, Lr);
        s->Fpscr = Leaf.FloatingPoint.Fpscr.Summarize(Word(block, Fpscr));
        s->Vscr = Word(block, Vscr + 12);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), block.Slice(Scratch, ScratchBytes));
    }

    /// <summary>Writes the CPU into a block.</summary>
    public static void Capture(CpuRig rig, Span<byte> block, bool trapped)
    {
        CpuState* s = rig.Cpu.State;
        for (int n = 0; n < 32; n++)
        {
            Word(block, 4 * n, (uint)s->Gpr[n]);
            Double(block, Fpr + (8 * n), s->Fpr(n));
            Double(block, Vr + (16 * n), s->Vsr[65 + (2 * n)]);
            Double(block, Vr + (16 * n) + 8, s->Vsr[64 + (2 * n)]);
        }

        Word(block, Cr, s->GetCr());
        Word(block, Xer, s->GetXer());
        Word(block, Lr, (uint)s->Lr);
        Word(block, Fpscr, s->Fpscr);
        Word(block, Vscr + 12, s->Vscr);
        Word(block, Status, trapped ? 1u : 0);
        rig.Ram.TryRead(new PhysicalAddress(CpuRig.DataAt), block.Slice(Scratch, ScratchBytes));
    }

    public static uint Word(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt32BigEndian(block[at..]);

    public static void Word(Span<byte> block, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(block[at..], value);

    public static ulong Double(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt64BigEndian(block[at..]);

    public static void Double(Span<byte> block, int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(block[at..], value);
}

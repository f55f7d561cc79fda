using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>One problem-state machine state of a 64-bit CPU as guest64.c lays it out: doublewords in the guest's byte order.</summary>
/// <param name="littleEndian">The guest's byte order.</param>
internal sealed unsafe class StateBlock64(bool littleEndian)
{
    public const int Cr = 256;
    public const int Xer = 264;
    public const int Lr = 272;
    public const int Ctr = 280;
    public const int Fpscr = 288;
    public const int Vscr = 296;
    public const int Vsr = 320;
    public const int Scratch = 1344;
    public const int ScratchBytes = 512;
    public const int Status = 1856;
    public const int Size = 1872;

    public ulong this[ReadOnlySpan<byte> block, int at] =>
        littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(block[at..]) : BinaryPrimitives.ReadUInt64BigEndian(block[at..]);

    public void Write(Span<byte> block, int at, ulong value)
    {
        if (littleEndian)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block[at..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(block[at..], value);
        }
    }

    public uint Word(ReadOnlySpan<byte> block, int at) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(block[at..]) : BinaryPrimitives.ReadUInt32BigEndian(block[at..]);

    public void Word(Span<byte> block, int at, uint value)
    {
        if (littleEndian)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[at..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(block[at..], value);
        }
    }

    /// <summary>Puts a block into the CPU.</summary>
    public void Apply(CpuRig rig, ReadOnlySpan<byte> block)
    {
        CpuState* s = rig.Cpu.State;
        for (int n = 0; n < 32; n++)
        {
            s->Gpr[n] = this[block, 8 * n];
        }

        for (int n = 0; n < 64; n++)
        {
            s->Vsr[(2 * n) + 1] = this[block, Vsr + (16 * n)];
            s->Vsr[2 * n] = this[block, Vsr + (16 * n) + 8];
        }

        s->SetCr((uint)this[block, Cr]);
        s->SetXer((uint)this[block, Xer]);
        s->Lr = this[block, Lr];
        s->Ctr = this[block, Ctr];
        s->Fpscr = Leaf.FloatingPoint.Fpscr.Summarize((uint)this[block, Fpscr]);
        s->FpscrHigh = (byte)(this[block, Fpscr] >> 32);
        s->Vscr = (uint)this[block, Vscr];
        s->ReservationValid = 0;
        s->Spr[256] = s->Spr[815] = 0;
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), block.Slice(Scratch, ScratchBytes));
    }

    /// <summary>Writes the CPU into a block.</summary>
    public void Capture(CpuRig rig, Span<byte> block, uint status)
    {
        CpuState* s = rig.Cpu.State;
        for (int n = 0; n < 32; n++)
        {
            Write(block, 8 * n, s->Gpr[n]);
        }

        for (int n = 0; n < 64; n++)
        {
            Write(block, Vsr + (16 * n), s->Vsr[(2 * n) + 1]);
            Write(block, Vsr + (16 * n) + 8, s->Vsr[2 * n]);
        }

        Write(block, Cr, s->GetCr());
        Write(block, Xer, s->GetXer());
        Write(block, Lr, s->Lr);
        Write(block, Ctr, s->Ctr);
        Write(block, Fpscr, ((ulong)s->FpscrHigh << 32) | s->Fpscr);
        Write(block, Vscr, s->Vscr);
        Write(block, Status, status);
        rig.Ram.TryRead(new PhysicalAddress(CpuRig.DataAt), block.Slice(Scratch, ScratchBytes));
    }

    /// <summary>What the doubleword at an offset is.</summary>
    public static string Name(int at) => at switch
    {
        < Cr => $"r{at / 8}",
        Cr => "cr",
        Xer => "xer",
        Lr => "lr",
        Ctr => "ctr",
        Fpscr => "fpscr",
        Vscr => "vscr",
        < Vsr => "pad",
        < Scratch => $"vs{(at - Vsr) / 16}.{(at / 8) & 1}",
        _ => $"memory{at - Scratch}",
    };
}

using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.Vector;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Logic, merges, splats, permutes. Power ISA 2.07B Book I 7.6.1; byte reversal, extract and insert 3.0B.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xxland XT,XA,XB: and.</summary>
    public static void Xxland(CpuState* s, Insn* i) => Set(s, i, A(s, i) & B(s, i));

    /// <summary>xxlandc XT,XA,XB: and with complement of XB.</summary>
    public static void Xxlandc(CpuState* s, Insn* i) => Set(s, i, A(s, i) & ~B(s, i));

    /// <summary>xxlor XT,XA,XB: or.</summary>
    public static void Xxlor(CpuState* s, Insn* i) => Set(s, i, A(s, i) | B(s, i));

    /// <summary>xxlxor XT,XA,XB: exclusive or.</summary>
    public static void Xxlxor(CpuState* s, Insn* i) => Set(s, i, A(s, i) ^ B(s, i));

    /// <summary>xxlnor XT,XA,XB: complement of or.</summary>
    public static void Xxlnor(CpuState* s, Insn* i) => Set(s, i, ~(A(s, i) | B(s, i)));

    /// <summary>xxlorc XT,XA,XB: or with complement of XB.</summary>
    public static void Xxlorc(CpuState* s, Insn* i) => Set(s, i, A(s, i) | ~B(s, i));

    /// <summary>xxlnand XT,XA,XB: complement of and.</summary>
    public static void Xxlnand(CpuState* s, Insn* i) => Set(s, i, ~(A(s, i) & B(s, i)));

    /// <summary>xxleqv XT,XA,XB: complement of exclusive or.</summary>
    public static void Xxleqv(CpuState* s, Insn* i) => Set(s, i, ~(A(s, i) ^ B(s, i)));

    /// <summary>xxsel XT,XA,XB,XC: XB's bits where XC is 1, else XA's.</summary>
    public static void Xxsel(CpuState* s, Insn* i) => Set(s, i, Vector128.ConditionalSelect(Register(s, i->C), B(s, i), A(s, i)));

    /// <summary>xxmrghw XT,XA,XB: words 0 and 1, those of XA and XB in turn.</summary>
    public static void Xxmrghw(CpuState* s, Insn* i) => SetWords(s, i, Word(s, i->A, 0), Word(s, i->B, 0), Word(s, i->A, 1), Word(s, i->B, 1));

    /// <summary>xxmrglw XT,XA,XB: words 2 and 3, those of XA and XB in turn.</summary>
    public static void Xxmrglw(CpuState* s, Insn* i) => SetWords(s, i, Word(s, i->A, 2), Word(s, i->B, 2), Word(s, i->A, 3), Word(s, i->B, 3));

    /// <summary>xxpermdi XT,XA,XB,DM: a doubleword of XA, and one of XB.</summary>
    public static void Xxpermdi(CpuState* s, Insn* i)
    {
        int select = (int)(i->Word >> 8) & 3;
        Set(s, i, Vector128.Create(Doubleword(s, i->B, select & 1), Doubleword(s, i->A, select >> 1)));
    }

    /// <summary>xxsldwi XT,XA,XB,SHW: words SHW to SHW + 3 of XA followed by XB.</summary>
    public static void Xxsldwi(CpuState* s, Insn* i)
    {
        int shift = (int)(i->Word >> 8) & 3;
        SetWords(s, i, Joined(s, i, shift), Joined(s, i, shift + 1), Joined(s, i, shift + 2), Joined(s, i, shift + 3));
    }

    /// <summary>xxspltw XT,XB,UIM: word UIM in every word.</summary>
    public static void Xxspltw(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(Word(s, i->B, i->A & 3)).AsUInt64());

    /// <summary>xxspltib XT,IMM8: the immediate in every byte.</summary>
    public static void Xxspltib(CpuState* s, Insn* i) => Set(s, i, Vector128.Create((byte)(i->Word >> 11)).AsUInt64());

    /// <summary>xxperm XT,XA,XB: byte n is byte XB[n] mod 32 of XA followed by the old XT.</summary>
    public static void Xxperm(CpuState* s, Insn* i) =>
        Set(s, i, VectorLeaves.Permute(A(s, i).AsByte(), Register(s, i->T).AsByte(), B(s, i).AsByte()).AsUInt64());

    /// <summary>xxpermr XT,XA,XB: byte n is byte 31 - XB[n] mod 32 of XA followed by the old XT.</summary>
    public static void Xxpermr(CpuState* s, Insn* i) =>
        Set(s, i, VectorLeaves.Permute(A(s, i).AsByte(), Register(s, i->T).AsByte(), ~B(s, i).AsByte()).AsUInt64());

    /// <summary>xxextractuw XT,XB,UIM: the word at byte UIM, in doubleword 0. Past byte 12, undefined, bytes wrap around.</summary>
    public static void Xxextractuw(CpuState* s, Insn* i) => SetScalar(s, i, (uint)(UInt128.RotateLeft(Whole(s, i->B), 8 * (i->A & 15)) >>> 96));

    /// <summary>xxinsertw XT,XB,UIM: word 1 of XB to byte UIM. Past byte 12, undefined, bytes wrap around.</summary>
    public static void Xxinsertw(CpuState* s, Insn* i)
    {
        int shift = 8 * (i->A & 15);
        UInt128 rotated = UInt128.RotateLeft(Whole(s, i->T), shift);
        rotated = (rotated & (UInt128.MaxValue >>> 32)) | ((UInt128)Word(s, i->B, 1) << 96);
        SetWhole(s, i->T, UInt128.RotateRight(rotated, shift));
    }

    /// <summary>xxbrh XT,XB: bytes of each halfword reversed.</summary>
    public static void Xxbrh(CpuState* s, Insn* i)
    {
        Vector128<ushort> b = B(s, i).AsUInt16();
        Set(s, i, ((b << 8) | (b >>> 8)).AsUInt64());
    }

    /// <summary>xxbrw XT,XB: bytes of each word reversed.</summary>
    public static void Xxbrw(CpuState* s, Insn* i) => SetWords(
        s,
        i,
        BinaryPrimitives.ReverseEndianness(Word(s, i->B, 0)),
        BinaryPrimitives.ReverseEndianness(Word(s, i->B, 1)),
        BinaryPrimitives.ReverseEndianness(Word(s, i->B, 2)),
        BinaryPrimitives.ReverseEndianness(Word(s, i->B, 3)));

    /// <summary>xxbrd XT,XB: bytes of each doubleword reversed.</summary>
    public static void Xxbrd(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(
        BinaryPrimitives.ReverseEndianness(Doubleword(s, i->B, 1)), BinaryPrimitives.ReverseEndianness(Doubleword(s, i->B, 0))));

    /// <summary>xxbrq XT,XB: all bytes reversed.</summary>
    public static void Xxbrq(CpuState* s, Insn* i) => Set(s, i, Vector128.Create(
        BinaryPrimitives.ReverseEndianness(Doubleword(s, i->B, 0)), BinaryPrimitives.ReverseEndianness(Doubleword(s, i->B, 1))));

    private static uint Joined(CpuState* s, Insn* i, int word) => word < 4 ? Word(s, i->A, word) : Word(s, i->B, word - 4);

    private static void SetWords(CpuState* s, Insn* i, uint w0, uint w1, uint w2, uint w3) => Set(s, i, Vector128.Create(w3, w2, w1, w0).AsUInt64());

    private static UInt128 Whole(CpuState* s, int register) => new(Doubleword(s, register, 0), Doubleword(s, register, 1));

    private static void SetWhole(CpuState* s, int register, UInt128 value) =>
        Register(s, register) = Vector128.Create((ulong)value, (ulong)(value >>> 64));
}

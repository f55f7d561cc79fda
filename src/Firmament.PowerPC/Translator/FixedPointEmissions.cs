using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// Fixed-point leaves that string functions and bit maps use, emitted by hand. Debian's installer runs cmpb 38 million times and popcntd 4
/// million times on its way to the language screen; a call of the handler takes some 10 ns.
/// </summary>
internal static unsafe class FixedPointEmissions
{
    /// <summary>Adds these emissions to a table by opcode.</summary>
    public static void AddTo(delegate*<ref DirectEmitter, Insn*, void>[] table)
    {
        table[(int)Opcode.Popcntd] = &CountOnes;
        table[(int)Opcode.Cnttzd] = &CountTrailingZeros;
        if (HostProcessor.HasVectors)
        {
            table[(int)Opcode.Cmpb] = &CompareBytes;
        }
    }

    private static void CountOnes(ref DirectEmitter e, Insn* p)
    {
        HostRegister to = e.Target.Temporary();
        e.Target.A.PopulationCount(to, e.Target.InRegister(Emission.Gpr(p->T).Node), true);
        e[p->A] = Emission.Host(to);
    }

    private static void CountTrailingZeros(ref DirectEmitter e, Insn* p)
    {
        HostRegister to = e.Target.Temporary();
        e.Target.A.TrailingZeros(to, e.Target.InRegister(Emission.Gpr(p->T).Node), true);
        e[p->A] = Emission.Host(to);
    }

    /// <summary>Ones in each byte where RS and RB agree.</summary>
    private static void CompareBytes(ref DirectEmitter e, Insn* p)
    {
        X64Assembler a = e.Target.A;
        a.MoveToVector(XmmRegister.Xmm0, e.Target.InRegister(Emission.Gpr(p->T).Node), true);
        a.MoveToVector(XmmRegister.Xmm1, e.Target.InRegister(Emission.Gpr(p->B).Node), true);
        a.Packed(PackedOperation.Pcmpeqb, XmmRegister.Xmm0, XmmRegister.Xmm0, XmmRegister.Xmm1);
        HostRegister to = e.Target.Temporary();
        a.MoveFromVector(to, XmmRegister.Xmm0, true);
        e[p->A] = Emission.Host(to);
    }
}

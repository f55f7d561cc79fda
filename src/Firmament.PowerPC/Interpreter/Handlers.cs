using System.Runtime.CompilerServices;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator;

namespace Firmament.PowerPC.Interpreter;

/// <summary>The functions that are not instructions; the generator adds one for each encoding of power.isa.</summary>
internal static unsafe partial class Handlers<TDispatch, TWord, TMode>
    where TDispatch : struct, IDispatchMode
    where TWord : struct, IWord<TWord>
    where TMode : struct, ICpuMode
{
    /// <summary>Fills the group of the table that an opcode belongs to.</summary>
    public static void LookUp(int opcode, delegate*<CpuState*, Insn*, Insn*>* table)
    {
        FillGroup(opcode / OpcodeGroup, table);
        table[(int)Opcode.Illegal] = &Illegal;
    }

    /// <summary>First execution of an instruction: decodes its run, charges it, runs it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* Decode(CpuState* s, Insn* p) => TDispatch.Go(s, DecodeAndEnter(s, p));

    /// <summary>Execution falls off a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* PageEnd(CpuState* s, Insn* p)
    {
        s->Pc = TMode.Sf ? s->PageEa + 4096 : (uint)(s->PageEa + 4096);
        return TDispatch.Go(s, s->FarInsn);
    }

    /// <summary>Runs the slow twin of <see cref="CpuState.Current"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* Miss(CpuState* s, Insn* p) => TDispatch.Go(s, SlowHandlers<TWord, TMode>.Run(s, s->Current));

    /// <summary>A branch to another page: fetch TLB, else the dispatcher.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* Far(CpuState* s, Insn* p)
    {
        ulong pc = s->Pc;
        FetchEntry* entry = s->FetchTlb + (((uint)pc >> 12) & (SoftTlb.FetchEntries - 1));
        if (entry->Tag != (pc & ~0xffful))
        {
            return null;
        }

        Insn* next = entry->Insns + (((uint)pc >> 2) & 1023);
        long left = s->Remaining - next->RunLength;
        if (left < 0)
        {
            return null;
        }

        s->Remaining = left;
        s->PageInsns = entry->Insns;
        s->PageEa = entry->Tag;
        return TDispatch.Go(s, next);
    }

    /// <summary>A run's entry that is not translated yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* Count(CpuState* s, Insn* p)
    {
        p->Heat++;
        if ((p->Heat & TranslationCache.HeatMask) < TranslationCache.Hot)
        {
            return s->Handlers[(int)p->Opcode](s, p);
        }

        return TDispatch.Go(s, TranslationCache.Translate(s, p));
    }

    /// <summary>A run's entry that is translated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Insn* Native(CpuState* s, Insn* p) => TDispatch.Go(s, TranslationCache.Enter(s, p));

    /// <summary>Back to the dispatcher.</summary>
    public static Insn* Stop(CpuState* s, Insn* p) => null;

    /// <summary>After a single-stepped instruction that did not branch.</summary>
    public static Insn* AfterSingle(CpuState* s, Insn* p)
    {
        ulong pc = s->PageEa + ((ulong)p->Index << 2);
        s->Pc = TMode.Sf ? pc : (uint)pc;
        return null;
    }

    private static Insn* Illegal(CpuState* s, Insn* p)
    {
        SlowPathFrame.Begin(s, p);
        Cpu.From(s).Tracer.GuestError("cpu", $"0x{p->Word:x8} at 0x{Interrupts.AddressOf(s, p):x} is not an instruction of this CPU");
        Interrupts.Program(s, p, ProgramReason.Illegal);
        return TDispatch.Go(s, SlowPathFrame.Leave<TMode>(s, p));
    }

    private static Insn* DecodeAndEnter(CpuState* s, Insn* p)
    {
        if (p->RunLength == 0)
        {
            Cpu.From(s).Pages.DecodeRun(p);
        }

        long left = s->Remaining - p->RunLength;
        if (left < 0)
        {
            s->Pc = Interrupts.AddressOf(s, p);
            return s->StopInsn;
        }

        s->Remaining = left;
        return p;
    }

    /// <summary>A supervisor instruction in problem state.</summary>
    private static Insn* Privileged(CpuState* s, Insn* p)
    {
        SlowPathFrame.Begin(s, p);
        Interrupts.Program(s, p, ProgramReason.Privileged);
        return SlowPathFrame.Leave<TMode>(s, p);
    }

    /// <summary>A facility that MSR switches off.</summary>
    private static Insn* Unavailable(CpuState* s, Insn* p, uint vector)
    {
        SlowPathFrame.Begin(s, p);
        Interrupts.Take(s, vector, Interrupts.AddressOf(s, p), 0);
        return SlowPathFrame.Leave<TMode>(s, p);
    }

    /// <summary>A floating-point leaf set <see cref="CpuState.Exit"/>: an enabled exception, precise (MPC7450 RM 4.6.7).</summary>
    private static Insn* LeafExit(CpuState* s, Insn* p)
    {
        SlowPathFrame.Begin(s, p);
        Interrupts.Program(s, p, ProgramReason.FloatingPoint);
        return SlowPathFrame.Leave<TMode>(s, p);
    }
}

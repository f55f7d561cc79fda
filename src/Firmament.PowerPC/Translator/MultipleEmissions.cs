using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// lmw and stmw as one access of all their words. Code compiled for size, as busybox is, saves its registers with them in each function.
/// </summary>
internal static unsafe class MultipleEmissions
{
    /// <summary>Adds these emissions to a table by opcode.</summary>
    public static void AddTo(delegate*<ref DirectEmitter, Insn*, void>[] table)
    {
        table[(int)Opcode.Lmw] = &Load;
        table[(int)Opcode.Stmw] = &Store;
    }

    private static void Load(ref DirectEmitter e, Insn* p)
    {
        MemoryOperand storage = Access(e.Target, p, write: false);
        for (int gpr = p->T; gpr < 32; gpr++, storage = Next(storage))
        {
            e.Target.ForgetGroups(gpr);
            bool pinned = PinnedRegisters.TryGet(gpr, out HostRegister to);
            to = pinned ? to : HostRegister.Rdx;
            e.Target.A.LoadReversed(to, storage, false);
            if (!pinned)
            {
                e.Target.A.Store(StateOffset.Gpr(gpr), to, true);
            }
        }
    }

    private static void Store(ref DirectEmitter e, Insn* p)
    {
        MemoryOperand storage = Access(e.Target, p, write: true);
        for (int gpr = p->T; gpr < 32; gpr++, storage = Next(storage))
        {
            if (!PinnedRegisters.TryGet(gpr, out HostRegister from))
            {
                from = HostRegister.Rdx;
                e.Target.A.Load(from, StateOffset.Gpr(gpr), false);
            }

            e.Target.A.StoreReversed(storage, from, false);
        }
    }

    /// <summary>
    /// The first word, with all of them in one page. Little-endian mode refuses multiples, and so does an address that is no multiple of 4; a page begins
    /// at such a multiple in host memory as well.
    /// </summary>
    private static MemoryOperand Access(Emission target, Insn* p, bool write)
    {
        target.Unsupported |= target.LittleEndian;
        OperandNode displacement = new(OperandKind.Constant, target.Wide ? (ulong)p->Imm : (uint)p->Imm);
        target.Access((Emission.Gpr(p->A) + new Operand(displacement)).Node, AccessShape.Of(p).Size, write);
        target.A.LoadAddress(HostRegister.Rdx, target.Storage, false);
        target.A.Test(HostRegister.Rdx, 3, false);
        target.A.Jump(Condition.NotEqual, target.SlowExit());
        return target.Storage;
    }

    private static MemoryOperand Next(MemoryOperand word) => word with { Displacement = word.Displacement + sizeof(uint) };
}

using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// The state of translating one region: the assembler, the instruction at work, its temporaries, and what is to be written out of line.
/// Evaluation of operands is in Emission.Evaluate.cs, control flow in Emission.Control.cs.
/// </summary>
internal sealed unsafe partial class Emission(X64Assembler a, Stubs stubs)
{
    private const int TlbEntryShift = 5;

    private readonly List<SlowExit> _slowExits = [];
    private readonly List<(CodeLabel Entry, CodeLabel Again, CodeLabel Miss)> _refills = [];
    private FloatingPointEmissions? _floatingPoint;
    private int _free;

    /// <summary>The assembler.</summary>
    public X64Assembler A { get; } = a;

    /// <summary>The instruction at work.</summary>
    public Insn* Insn { get; private set; }

    /// <summary>General registers are 64 bits wide.</summary>
    public bool Wide { get; private set; }

    /// <summary>Guest storage is little-endian.</summary>
    public bool LittleEndian { get; private set; }

    /// <summary>The instruction needs something that cannot be emitted: its handler is called instead.</summary>
    public bool Unsupported { get; set; }

    /// <summary>Position of the region in the code memory.</summary>
    public int Origin { get; private set; }

    /// <summary>The field that was compared last, whose outcome the flags hold while <see cref="ComparedVersion"/> is current; -1 = none.</summary>
    public int ComparedField { get; set; } = -1;

    /// <summary>The comparison was of signed numbers.</summary>
    public bool ComparedSigned { get; set; }

    /// <summary><see cref="X64Assembler.FlagsVersion"/> after the comparison.</summary>
    public int ComparedVersion { get; set; }

    /// <summary>Collects what stands where, for a watcher; null for nobody.</summary>
    public List<TranslatedPiece>? Pieces { get; set; }

    /// <summary>That comparison, where it can be done again; null in a straight line that has none.</summary>
    public Comparison? Compared { get; set; }

    /// <summary>What is emitted for floating-point instructions.</summary>
    private FloatingPointEmissions FloatingPoint => _floatingPoint ??= new FloatingPointEmissions(this);

    /// <summary>Starts a region.</summary>
    public void BeginRegion(CpuMode mode, int origin)
    {
        Wide = mode != CpuMode.Classic;
        LittleEndian = mode == CpuMode.Little;
        Origin = origin;
        ComparedField = -1;
        Compared = null;
        _slowExits.Clear();
        FloatingPoint.Begin();
    }

    /// <summary>Starts an instruction: all temporaries are free.</summary>
    public void BeginInsn(Insn* insn)
    {
        Insn = insn;
        Pieces?.Add(new TranslatedPiece(TranslatedPieceKind.Instruction, insn->Index, insn->Word, A.Position));
        Unsupported = false;
        _free = (1 << (int)HostRegister.Rax) | (1 << (int)HostRegister.Rcx) | (1 << (int)HostRegister.Rdx);
        _current = new SlowExit(insn->Index, A.NewLabel(), A.NewLabel(), false);
        _hasSlowExit = false;
    }

    /// <summary>Ends an instruction.</summary>
    public void EndInsn()
    {
        if (_hasSlowExit)
        {
            A.Place(_current.Return);
            _slowExits.Add(_current with { Leaves = _groups.Count > 0 });
        }
    }

    /// <summary>Calls the handler of the instruction at work in place of emitted code.</summary>
    /// <param name="light">It touches no general register.</param>
    public void CallHandler(bool light)
    {
        if (!light)
        {
            ForgetGroups();
        }

        A.MoveImmediate(HostRegister.Rax, (ulong)(Insn->Index * StateOffset.InsnBytes));
        A.CallTo((light ? stubs.LightCall : stubs.Call) - Origin);
    }

    /// <summary>A temporary register; <see cref="Unsupported"/> when there is none.</summary>
    public HostRegister Temporary()
    {
        for (HostRegister register = HostRegister.Rdx; ; register--)
        {
            if ((_free & (1 << (int)register)) != 0)
            {
                _free &= ~(1 << (int)register);
                return register;
            }

            if (register == HostRegister.Rax)
            {
                Unsupported = true;
                return HostRegister.Rax;
            }
        }
    }

    /// <summary>Takes a given temporary; <see cref="Unsupported"/> when it holds something.</summary>
    public HostRegister Take(HostRegister register)
    {
        Unsupported |= (_free & (1 << (int)register)) == 0;
        _free &= ~(1 << (int)register);
        return register;
    }

    /// <summary>Gives a temporary back.</summary>
    public void Release(HostRegister register)
    {
        if (register <= HostRegister.Rdx)
        {
            _free |= 1 << (int)register;
        }
    }

    /// <summary>Where an instruction goes that cannot go on here: its handler is called out of line, then the next instruction follows.</summary>
    public CodeLabel SlowExit()
    {
        _hasSlowExit = true;
        return _current.Entry;
    }

    /// <summary>
    /// Looks up the data TLB for the address in rax, of which all bits count, and leaves the entry's address in rcx. Changes rdx.
    /// A miss goes to <see cref="SlowExit"/>.
    /// </summary>
    /// <param name="size">Bytes of the access; more than 1: it must not cross a page.</param>
    /// <param name="write">Store access.</param>
    /// <param name="aligned">The address must be a multiple of the size.</param>
    public void LookUp(int size, bool write, bool aligned = false) => LookUp(size, write, SlowExit(), aligned);

    private void LookUp(int size, bool write, CodeLabel miss, bool aligned = false)
    {
        _tlbOffset = write ? SoftTlb.DataEntries << TlbEntryShift : 0;
        if (!Wide && !write && !aligned)
        {
            miss = RefillFirst(miss);
        }

        A.Move(HostRegister.Rcx, HostRegister.Rax, false);
        A.Shift(ShiftOperation.Right, HostRegister.Rcx, 12 - TlbEntryShift, false);
        A.Alu(AluOperation.And, HostRegister.Rcx, (SoftTlb.DataEntries - 1) << TlbEntryShift, false);
        A.Alu(AluOperation.Add, HostRegister.Rcx, StateOffset.Tlb, true);
        if (aligned)
        {
            A.Move(HostRegister.Rdx, HostRegister.Rax, true);
            A.Alu(AluOperation.And, HostRegister.Rdx, ~0xfff | (size - 1), true);
        }
        else
        {
            if (size > 1)
            {
                A.LoadAddress(HostRegister.Rdx, new MemoryOperand(HostRegister.Rax, size - 1), true);
            }
            else
            {
                A.Move(HostRegister.Rdx, HostRegister.Rax, true);
            }

            A.Alu(AluOperation.And, HostRegister.Rdx, ~0xfff, true);
        }

        A.Alu(AluOperation.Compare, HostRegister.Rdx, TlbField(0), true);
        A.Jump(Condition.NotEqual, miss);
    }

    /// <summary>Where a look-up that begins here goes when it misses: to the second TLB, and if that has nothing, to <paramref name="miss"/>.</summary>
    private CodeLabel RefillFirst(CodeLabel miss)
    {
        CodeLabel again = A.NewLabel();
        CodeLabel entry = A.NewLabel();
        A.Place(again);
        _refills.Add((entry, again, miss));
        return entry;
    }

    private void WriteRefills()
    {
        foreach ((CodeLabel entry, CodeLabel again, CodeLabel miss) in _refills)
        {
            A.Place(entry);
            A.CallTo(stubs.Refill - Origin);
            A.Jump(Condition.Equal, again);
            A.Jump(miss);
        }

        _refills.Clear();
    }

    /// <summary>After <see cref="LookUp(int, bool, bool)"/>: rcx becomes what is added to an effective address to reach host memory.</summary>
    public void LoadAddend() => A.Load(HostRegister.Rcx, TlbField(8), true);

    /// <summary>After <see cref="LookUp(int, bool, bool)"/>: the entry's physical page.</summary>
    public MemoryOperand TlbPhysical => TlbField(16);

    private MemoryOperand TlbField(int offset) => new(HostRegister.Rcx, _tlbOffset + offset);

    private int _tlbOffset;
    private SlowExit _current = new(0, default, default, false);
    private bool _hasSlowExit;

    private void WriteSlowExits()
    {
        foreach (SlowExit exit in _slowExits)
        {
            A.Place(exit.Entry);
            A.MoveImmediate(HostRegister.Rax, (ulong)(exit.Index * StateOffset.InsnBytes));
            A.CallTo(stubs.Call - Origin);
            if (exit.Leaves)
            {
                // The handler may have changed what groups have looked up: the interpreter runs the rest of the line, which begins at rax.
                A.JumpTo(stubs.Exit - Origin);
            }
            else
            {
                A.Jump(exit.Return);
            }
        }
    }
}

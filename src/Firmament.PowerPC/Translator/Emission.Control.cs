using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Region layout, run entries and branches.</summary>
internal sealed unsafe partial class Emission
{
    private readonly List<(int Index, CodeLabel Label)> _links = [];
    private readonly List<(int Index, int Length, CodeLabel Label)> _stops = [];
    private Region _region = null!;

    /// <summary>
    /// Emits a region: the entry of each run charges the run against the budget, exactly as the interpreter does. Runs that lie in another are
    /// entered in its middle.
    /// </summary>
    /// <returns>For each entry, its position in the code.</returns>
    public void EmitRegion(Region region)
    {
        _region = region;
        _links.Clear();
        _stops.Clear();
        _alone.Clear();
        _refills.Clear();
        ForgetGroups();
        foreach (ref RegionEntry entry in region.Entries)
        {
            entry.Label = A.NewLabel();
        }

        Insn* page = region.Page;
        Span<RegionEntry> entries = region.Entries;
        int next = 0;
        while (next < entries.Length)
        {
            int index = entries[next].Index;
            bool open = false;
            do
            {
                if (next < entries.Length && entries[next].Index == index)
                {
                    Pieces?.Add(new TranslatedPiece(TranslatedPieceKind.Entry, index, 0, A.Position));
                    EnterRun(page, entries[next], open);
                    next++;
                    open = true;
                }

                EmitInsn(page + index);
                index++;
            }
            while (index < PageCache.PageInsns && (OpcodeTable.Row(page[index - 1].Opcode).Flags & OpcodeFlags.EndsRun) == 0);

            if (index == PageCache.PageInsns && (OpcodeTable.Row(page[index - 1].Opcode).Flags & OpcodeFlags.EndsRun) == 0)
            {
                GoToPage(PageCache.PageInsns * 4);
            }
        }

        Pieces?.Add(new TranslatedPiece(TranslatedPieceKind.OutOfLine, 0, 0, A.Position));
        WriteAlone();
        WriteRefills();
        FloatingPoint.WriteColdPaths();
        WriteSlowExits();
        WriteLinks();
    }

    /// <summary>Goes on at an instruction of the page, by its index; nothing follows.</summary>
    public void GoTo(int index)
    {
        if (_region.EntryAfter(Insn->Index) != index)
        {
            A.Jump(Target(index));
        }
    }

    /// <summary>Goes on at an instruction of the page if a condition holds.</summary>
    public void GoTo(Condition condition, int index) => A.Jump(condition, Target(index));

    /// <summary>Goes on at the page's effective address plus a displacement, in another page; nothing follows.</summary>
    public void GoToPage(int displacement)
    {
        A.Load(HostRegister.Rax, StateOffset.PageEa, true);
        A.LoadAddress(HostRegister.Rax, new MemoryOperand(HostRegister.Rax, displacement), Wide);
        GoToAddress();
    }

    /// <summary>
    /// Goes on at the effective address in rax, whose low two bits do not count: at translated code if the fetch TLB knows the page; nothing follows.
    /// </summary>
    public void GoToAddress()
    {
        A.Move(HostRegister.Rcx, HostRegister.Rax, false);
        A.Shift(ShiftOperation.Right, HostRegister.Rcx, 12 - FetchEntryShift, false);
        A.Alu(AluOperation.And, HostRegister.Rcx, (SoftTlb.FetchEntries - 1) << FetchEntryShift, false);
        A.Alu(AluOperation.Add, HostRegister.Rcx, StateOffset.FetchTlb, true);
        A.Move(HostRegister.Rdx, HostRegister.Rax, true);
        A.Alu(AluOperation.And, HostRegister.Rdx, ~0xfff, true);
        A.Alu(AluOperation.Compare, HostRegister.Rdx, new MemoryOperand(HostRegister.Rcx, 0), true);
        A.JumpTo(Condition.NotEqual, stubs.ExitFar - Origin);
        A.Load(HostRegister.Rcx, new MemoryOperand(HostRegister.Rcx, sizeof(ulong)), true);
        A.Store(StateOffset.PageEa, HostRegister.Rdx, true);
        A.Store(StateOffset.PageInsns, HostRegister.Rcx, true);
        A.Alu(AluOperation.And, HostRegister.Rax, 0xffc, false);
        A.LoadAddress(HostRegister.Rax, new MemoryOperand(HostRegister.Rcx, HostRegister.Rax, 0, InsnShift - 2), true);
        A.Load(HostRegister.Rcx, new MemoryOperand(HostRegister.Rax, StateOffset.InsnNative), false);
        A.LoadAddressOf(HostRegister.Rdx, -Origin);
        A.Alu(AluOperation.Add, HostRegister.Rcx, HostRegister.Rdx, true);
        A.Jump(HostRegister.Rcx);
    }

    // FetchEntry is 16 bytes, Insn 32.
    private const int FetchEntryShift = 4;
    private const int InsnShift = 5;

    /// <summary>Leaves after the handler of the instruction at work, wherever that goes; nothing follows.</summary>
    private void CallHandlerAndLeave()
    {
        CallHandler(light: false);
        // Where it went is in rax: the instruction ends its run, so the next one has been charged.
        A.JumpTo(stubs.Exit - Origin);
    }

    private void EnterRun(Insn* page, RegionEntry entry, bool open)
    {
        CodeLabel over = default;
        if (open)
        {
            over = A.NewLabel();
            A.Jump(over);
        }

        A.Place(entry.Label);
        CodeLabel stop = A.NewLabel();
        int length = page[entry.Index].RunLength;
        A.Alu(AluOperation.Subtract, PinnedRegisters.Remaining, length, true);
        A.Jump(Condition.Sign, stop);
        _stops.Add((entry.Index, length, stop));
        if (open)
        {
            A.Place(over);
        }

        ForgetFacilities();
        ForgetGroups();
        Compared = null;
    }

    private void EmitInsn(Insn* insn)
    {
        int start = A.Position;
        (int alone, int refills) = (_alone.Count, _refills.Count);
        BeginInsn(insn);
        if (FloatingPoint.TryEmit(insn))
        {
            EndInsn();
            return;
        }

        EmitterTable.Kind kind = EmitterTable.Find(insn->Opcode, out delegate*<ref DirectEmitter, Insn*, void> emit);
        bool ends = (OpcodeTable.Row(insn->Opcode).Flags & OpcodeFlags.EndsRun) != 0;
        if (kind == EmitterTable.Kind.Semantics)
        {
            DirectEmitter emitter = new(this);
            emit(ref emitter, insn);
            if (!Unsupported)
            {
                EndInsn();
                return;
            }

            A.Rewind(start);
            _alone.RemoveRange(alone, _alone.Count - alone);
            _refills.RemoveRange(refills, _refills.Count - refills);
            ForgetFacilities();
            ForgetGroups();
        }

        if (ends)
        {
            CallHandlerAndLeave();
        }
        else
        {
            CallHandler(kind == EmitterTable.Kind.LightLeaf);
        }
    }

    private CodeLabel Target(int index)
    {
        if (_region.TryFind(index, out CodeLabel label))
        {
            return label;
        }

        foreach ((int known, CodeLabel link) in _links)
        {
            if (known == index)
            {
                return link;
            }
        }

        label = A.NewLabel();
        _links.Add((index, label));
        return label;
    }

    private void WriteLinks()
    {
        foreach ((int index, CodeLabel label) in _links)
        {
            A.Place(label);
            uint native = _region.Page[index].Native;
            if (native != 0)
            {
                A.JumpTo((int)native - Origin);
                continue;
            }

            A.MoveImmediate(HostRegister.Rax, (ulong)(index * StateOffset.InsnBytes));
            A.JumpTo(stubs.Goto - Origin);
        }

        foreach ((int index, int length, CodeLabel label) in _stops)
        {
            A.Place(label);
            A.Alu(AluOperation.Add, PinnedRegisters.Remaining, length, true);
            A.MoveImmediate(HostRegister.Rax, (ulong)(index * 4));
            A.JumpTo(stubs.Stop - Origin);
        }
    }

    private ulong _checkedFacilities;

    /// <summary>True the first time a facility is asked for in a straight line.</summary>
    public bool NeedsCheck(ulong facility)
    {
        bool needed = (_checkedFacilities & facility) == 0;
        _checkedFacilities |= facility;
        return needed;
    }

    private void ForgetFacilities() => _checkedFacilities = 0;
}

using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// The pieces that all generated code shares: the way in, the ways out, and the call of one instruction's handler. Each is named by its
/// position in the code memory.
/// </summary>
internal sealed unsafe class Stubs
{
    // System V AMD64: preserved by functions, and used here.
    private static readonly HostRegister[] Preserved = [HostRegister.Rbx, HostRegister.Rbp, HostRegister.R12, HostRegister.R13, HostRegister.R14, HostRegister.R15];

    private readonly X64Assembler _a;

    /// <summary>Writes the stubs at the start of a code memory.</summary>
    /// <param name="a">The assembler to use.</param>
    /// <param name="memory">Where.</param>
    /// <param name="runOnce">A function that runs one instruction and returns where to go on.</param>
    public Stubs(X64Assembler a, CodeMemory memory, delegate* unmanaged<CpuState*, Insn*, Insn*> runOnce)
    {
        _a = a;
        a.Begin(memory.Writable, memory.Size);
        // An instruction without code has position 0: who goes there leaves for the instruction in rax.
        CodeLabel withoutCode = a.NewLabel();
        a.Jump(withoutCode);
        Enter = a.Position;
        WriteEnter();
        Exit = a.Position;
        WriteExit();
        Stop = a.Position;
        a.Alu(AluOperation.Add, HostRegister.Rax, StateOffset.PageEa, true);
        ExitAt(StateOffset.StopInsn);
        ExitFar = a.Position;
        a.Alu(AluOperation.And, HostRegister.Rax, ~3, true);
        ExitAt(StateOffset.FarInsn);
        a.Place(withoutCode);
        WriteExitInsn();
        Goto = a.Position;
        WriteGoto();
        Call = a.Position;
        WriteCall(runOnce, volatileOnly: false);
        LightCall = a.Position;
        WriteCall(runOnce, volatileOnly: true);
        Refill = a.Position;
        WriteRefill();
        Constants = (a.Position + 15) & ~15;
        a.Data(stackalloc byte[Constants - a.Position]);
        a.Data(VectorConstants.Bytes);
        End = a.Position;
        a.Finish();
    }

    /// <summary>(state, code): runs code until it leaves; returns the instruction to go on with.</summary>
    public int Enter { get; }

    /// <summary>Leaves with the instruction in rax.</summary>
    public int Exit { get; }

    /// <summary>Leaves for the dispatcher, before the instruction whose offset in its page is in rax, in bytes.</summary>
    public int Stop { get; }

    /// <summary>Leaves for the effective address in rax, whose low two bits do not count.</summary>
    public int ExitFar { get; }

    /// <summary>Goes on with the instruction of the current page whose offset, in bytes of decoded instructions, is in rax: translated or not.</summary>
    public int Goto { get; }

    /// <summary>Called with an offset as for <see cref="Goto"/>: runs that instruction, and returns when the next one follows; else leaves.</summary>
    public int Call { get; }

    /// <summary>The same for an instruction that neither reads nor writes general registers.</summary>
    public int LightCall { get; }

    /// <summary>
    /// Called after a load missed the TLB of a 32-bit CPU, with the effective address in rax and the page of the access's last byte in rdx: copies the
    /// <see cref="SecondTlb"/>'s entry, and returns with the zero flag set where there is one. Changes rcx and rdx.
    /// </summary>
    public int Refill { get; }

    /// <summary>The first <see cref="VectorConstant"/>; the others follow, 16 bytes each.</summary>
    public int Constants { get; }

    /// <summary>Where the stubs end.</summary>
    public int End { get; }

    private void WriteEnter()
    {
        foreach (HostRegister register in Preserved)
        {
            _a.Push(register);
        }

        // Six registers and the return address are 56 bytes; calls want rsp at a multiple of 16.
        _a.Alu(AluOperation.Subtract, HostRegister.Rsp, 8, true);
        _a.LoadAddress(StateOffset.Base, new MemoryOperand(HostRegister.Rdi, StateOffset.Bias), true);
        _a.Move(HostRegister.Rax, HostRegister.Rsi, true);
        LoadPins(volatileOnly: false);
        _a.Jump(HostRegister.Rax);
    }

    private void WriteExit()
    {
        StorePins(volatileOnly: false);
        _a.Alu(AluOperation.Add, HostRegister.Rsp, 8, true);
        for (int n = Preserved.Length - 1; n >= 0; n--)
        {
            _a.Pop(Preserved[n]);
        }

        _a.Return();
    }

    private void ExitAt(MemoryOperand next)
    {
        _a.Store(StateOffset.Pc, HostRegister.Rax, true);
        _a.Load(HostRegister.Rax, next, true);
        _a.JumpTo(Exit);
    }

    /// <summary>Charges the run of the instruction in rax, of the current page, and leaves for it.</summary>
    private void WriteExitInsn()
    {
        CodeLabel tooLong = _a.NewLabel();
        _a.LoadZero16(HostRegister.Rcx, new MemoryOperand(HostRegister.Rax, StateOffset.InsnRunLength));
        _a.Move(HostRegister.Rdx, PinnedRegisters.Remaining, true);
        _a.Alu(AluOperation.Subtract, HostRegister.Rdx, HostRegister.Rcx, true);
        _a.Jump(Condition.Sign, tooLong);
        _a.Move(PinnedRegisters.Remaining, HostRegister.Rdx, true);
        _a.JumpTo(Exit);
        _a.Place(tooLong);
        _a.LoadZero16(HostRegister.Rax, new MemoryOperand(HostRegister.Rax, StateOffset.InsnIndex));
        _a.Shift(ShiftOperation.Left, HostRegister.Rax, 2, false);
        _a.JumpTo(Stop);
    }

    private void WriteGoto()
    {
        _a.Alu(AluOperation.Add, HostRegister.Rax, StateOffset.PageInsns, true);
        _a.Load(HostRegister.Rcx, new MemoryOperand(HostRegister.Rax, StateOffset.InsnNative), false);
        _a.LoadAddressOf(HostRegister.Rdx, 0);
        _a.Alu(AluOperation.Add, HostRegister.Rcx, HostRegister.Rdx, true);
        _a.Jump(HostRegister.Rcx);
    }

    private void WriteCall(delegate* unmanaged<CpuState*, Insn*, Insn*> function, bool volatileOnly)
    {
        CodeLabel leave = _a.NewLabel();
        _a.Alu(AluOperation.Add, HostRegister.Rax, StateOffset.PageInsns, true);
        StorePins(volatileOnly);
        // With the return address below it the pushed instruction makes rsp a multiple of 16.
        _a.Push(HostRegister.Rax);
        _a.LoadAddress(HostRegister.Rdi, new MemoryOperand(StateOffset.Base, -StateOffset.Bias), true);
        _a.Move(HostRegister.Rsi, HostRegister.Rax, true);
        _a.MoveImmediate(HostRegister.Rax, (ulong)function);
        _a.Call(HostRegister.Rax);
        _a.Pop(HostRegister.Rcx);
        LoadPins(volatileOnly);
        _a.Alu(AluOperation.Add, HostRegister.Rcx, StateOffset.InsnBytes, true);
        _a.Alu(AluOperation.Compare, HostRegister.Rax, HostRegister.Rcx, true);
        _a.Jump(Condition.NotEqual, leave);
        _a.Return();
        _a.Place(leave);
        _a.Alu(AluOperation.Add, HostRegister.Rsp, 8, true);
        _a.JumpTo(Exit);
    }

    private void WriteRefill()
    {
        const int EntryShift = 5;
        CodeLabel fail = _a.NewLabel();
        CodeLabel failWithAddress = _a.NewLabel();
        CodeLabel listed = _a.NewLabel();
        MemoryOperand address = new(HostRegister.Rsp, 0);
        (HostRegister rax, HostRegister rcx, HostRegister rdx) = (HostRegister.Rax, HostRegister.Rcx, HostRegister.Rdx);
        // An access that crosses pages misses whatever is there.
        _a.Alu(AluOperation.Xor, rdx, rax, true);
        _a.Test(rdx, ~0xfff, true);
        _a.Jump(Condition.NotEqual, fail);
        _a.Test(StateOffset.Msr, (int)MsrBits.Dr);
        _a.Jump(Condition.Equal, fail);
        _a.Push(rax);
        _a.Move(rdx, rax, false);
        _a.Shift(ShiftOperation.Right, rdx, 28, false);
        _a.Load(rdx, StateOffset.Segment(rdx), false);
        // Its entry: the set by EA[14:19], then the hash.
        _a.Move(rcx, rax, false);
        _a.Shift(ShiftOperation.Right, rcx, 18, false);
        _a.Alu(AluOperation.Xor, rcx, rdx, false);
        _a.Alu(AluOperation.And, rcx, SecondTlb.Ways - 1, false);
        _a.Shift(ShiftOperation.Right, rax, 4, false);
        _a.Alu(AluOperation.And, rax, (SecondTlb.Sets - 1) * SecondTlb.Ways, false);
        _a.Alu(AluOperation.Or, rcx, rax, false);
        _a.Shift(ShiftOperation.Left, rcx, EntryShift, false);
        _a.Alu(AluOperation.Add, rcx, StateOffset.SecondTlb, true);
        // Its tag.
        _a.Shift(ShiftOperation.Left, rdx, 32, true);
        _a.Load(rax, address, false);
        _a.Alu(AluOperation.And, rax, ~0xfff, false);
        _a.Alu(AluOperation.Or, rdx, rax, true);
        _a.Load(rax, StateOffset.Msr, false);
        _a.Shift(ShiftOperation.Right, rax, System.Numerics.BitOperations.Log2(MsrBits.Pr), false);
        _a.Alu(AluOperation.And, rax, 1, false);
        _a.Alu(AluOperation.Or, rdx, rax, true);
        _a.Alu(AluOperation.Or, rdx, (int)SecondTlb.Valid, true);
        _a.Alu(AluOperation.Compare, rdx, new MemoryOperand(rcx, 0), true);
        _a.Jump(Condition.NotEqual, failWithAddress);
        // The entry of the first TLB becomes the same.
        _a.Load(rdx, new MemoryOperand(rcx, 8), true);
        _a.Load(rcx, new MemoryOperand(rcx, 16), true);
        _a.Load(rax, address, false);
        _a.Shift(ShiftOperation.Right, rax, 12 - EntryShift, false);
        _a.Alu(AluOperation.And, rax, (SoftTlb.DataEntries - 1) << EntryShift, false);
        _a.Alu(AluOperation.Add, rax, StateOffset.Tlb, true);
        _a.Store(new MemoryOperand(rax, 8), rdx, true);
        _a.Store(new MemoryOperand(rax, 16), rcx, true);
        _a.Load(rcx, address, false);
        _a.Alu(AluOperation.And, rcx, ~0xfff, false);
        _a.Store(new MemoryOperand(rax, 0), rcx, true);
        // SegmentUse.Add.
        _a.Load(rdx, StateOffset.TlbUse, true);
        _a.Alu(AluOperation.Subtract, rax, new MemoryOperand(rdx, 0), true);
        _a.Shift(ShiftOperation.Right, rax, EntryShift, false);
        _a.Shift(ShiftOperation.Right, rcx, 28, false);
        _a.BitTestAndSet16(new MemoryOperand(rdx, rax, StateOffset.UseListed, 1), rcx);
        _a.Jump(Condition.Below, listed);
        _a.Push(rax);
        _a.Load(rax, new MemoryOperand(rdx, rcx, StateOffset.UseCounts, 2), false);
        _a.Alu(AluOperation.Add, new MemoryOperand(rdx, rcx, StateOffset.UseCounts, 2), 1, false);
        _a.MultiplyImmediate(rcx, rcx, SegmentUse.Entries, false);
        _a.Alu(AluOperation.Add, rcx, rax, false);
        _a.Pop(rax);
        _a.Store16(new MemoryOperand(rdx, rcx, StateOffset.UseMembers, 1), rax);
        _a.Place(listed);
        _a.Pop(rax);
        _a.Alu(AluOperation.Compare, rax, rax, false);
        _a.Return();
        _a.Place(failWithAddress);
        _a.Pop(rax);
        _a.Place(fail);
        // The stack pointer is never zero.
        _a.Test(HostRegister.Rsp, HostRegister.Rsp, true);
        _a.Return();
    }

    private void LoadPins(bool volatileOnly)
    {
        foreach ((int gpr, HostRegister host) in PinnedRegisters.All)
        {
            if (!volatileOnly || PinnedRegisters.IsVolatile(host))
            {
                _a.Load(host, StateOffset.Gpr(gpr), true);
            }
        }

        if (!volatileOnly)
        {
            _a.Load(PinnedRegisters.Ctr, StateOffset.Ctr, true);
        }

        _a.Load(PinnedRegisters.Remaining, StateOffset.Remaining, true);
    }

    private void StorePins(bool volatileOnly)
    {
        foreach ((int gpr, HostRegister host) in PinnedRegisters.All)
        {
            if (!volatileOnly || PinnedRegisters.IsVolatile(host))
            {
                _a.Store(StateOffset.Gpr(gpr), host, true);
            }
        }

        if (!volatileOnly)
        {
            _a.Store(StateOffset.Ctr, PinnedRegisters.Ctr, true);
        }

        _a.Store(StateOffset.Remaining, PinnedRegisters.Remaining, true);
    }
}

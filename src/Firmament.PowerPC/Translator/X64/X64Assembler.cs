namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Encodes x86-64 instructions into memory. Source: Intel SDM volume 2. Nothing is checked against the processor at hand: callers ask
/// <see cref="HostProcessor"/> before they use what not every x86-64 has. Vector instructions are in X64Assembler.Vector.cs.
/// </summary>
/// <remarks>
/// The writer may see the code at another address than the processor does; all references within the code are relative.
/// <see cref="FlagsVersion"/> changes with each instruction that writes the arithmetic flags, so that a caller knows whether flags still hold.
/// </remarks>
internal sealed unsafe partial class X64Assembler
{
    private readonly List<int> _labels = [];
    private readonly List<(int At, int Label)> _references = [];
    private byte* _start;
    private int _capacity;

    /// <summary>Bytes written since <see cref="Begin"/>.</summary>
    public int Position { get; private set; }

    /// <summary>True when the code did not fit; what was written is then useless.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Changes with each instruction that writes the flags.</summary>
    public int FlagsVersion { get; private set; }

    /// <summary>Starts a piece of code.</summary>
    public void Begin(byte* start, int capacity)
    {
        _start = start;
        _capacity = capacity;
        Position = 0;
        Overflowed = false;
        _labels.Clear();
        _references.Clear();
        FlagsVersion++;
    }

    /// <summary>Fills in what referred to labels that came later.</summary>
    public void Finish()
    {
        if (Overflowed)
        {
            return;
        }

        foreach ((int at, int label) in _references)
        {
            *(int*)(_start + at) = _labels[label] - (at + 4);
        }
    }

    /// <summary>A label to be placed later.</summary>
    public CodeLabel NewLabel()
    {
        _labels.Add(-1);
        return new CodeLabel(_labels.Count - 1);
    }

    /// <summary>Places a label here. Flags are unknown after it.</summary>
    public void Place(CodeLabel label)
    {
        _labels[label.Number] = Position;
        FlagsVersion++;
    }

    /// <summary>Where a placed label is, from <see cref="Begin"/>.</summary>
    public int PositionOf(CodeLabel label) => _labels[label.Number];

    /// <summary>Takes back what was written after a position; labels placed after it must not have been used.</summary>
    public void Rewind(int position)
    {
        Position = position;
        FlagsVersion++;
        for (int n = _references.Count - 1; n >= 0 && _references[n].At >= position; n--)
        {
            _references.RemoveAt(n);
        }
    }

    // --- moves ---

    public void Move(HostRegister to, HostRegister from, bool wide)
    {
        Rex(wide, from, to);
        Byte(0x89);
        ModRm(from, to);
    }

    /// <summary>Zero-extends from 32 bits where that fits.</summary>
    public void MoveImmediate(HostRegister to, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            Rex(false, 0, to);
            Byte((byte)(0xb8 | ((int)to & 7)));
            Int32((int)value);
        }
        else if ((long)value == (int)value)
        {
            Rex(true, 0, to);
            Byte(0xc7);
            ModRm(0, to);
            Int32((int)value);
        }
        else
        {
            Rex(true, 0, to);
            Byte((byte)(0xb8 | ((int)to & 7)));
            Int32((int)value);
            Int32((int)(value >> 32));
        }
    }

    public void Load(HostRegister to, MemoryOperand from, bool wide) => OneByte(0x8b, to, from, wide);

    public void Store(MemoryOperand to, HostRegister from, bool wide) => OneByte(0x89, from, to, wide);

    public void Store16(MemoryOperand to, HostRegister from)
    {
        Byte(0x66);
        OneByte(0x89, from, to, false);
    }

    public void Store8(MemoryOperand to, HostRegister from) => OneByte(0x88, from, to, false, byteRegister: true);

    /// <summary>Stores a constant that is sign-extended from 32 bits when wide.</summary>
    public void StoreImmediate(MemoryOperand to, int value, bool wide)
    {
        Rex(wide, 0, to);
        Byte(0xc7);
        ModRm(0, to);
        Int32(value);
    }

    public void StoreImmediate8(MemoryOperand to, byte value)
    {
        Rex(false, 0, to);
        Byte(0xc6);
        ModRm(0, to);
        Byte(value);
    }

    public void LoadZero8(HostRegister to, MemoryOperand from) => TwoByte(0xb6, to, from, false);

    public void LoadZero16(HostRegister to, MemoryOperand from) => TwoByte(0xb7, to, from, false);

    public void LoadSign8(HostRegister to, MemoryOperand from, bool wide) => TwoByte(0xbe, to, from, wide);

    public void LoadSign16(HostRegister to, MemoryOperand from, bool wide) => TwoByte(0xbf, to, from, wide);

    public void LoadSign32(HostRegister to, MemoryOperand from) => OneByte(0x63, to, from, true);

    public void ZeroExtend8(HostRegister to, HostRegister from) => TwoByte(0xb6, to, from, false, byteSource: true);

    public void ZeroExtend16(HostRegister to, HostRegister from) => TwoByte(0xb7, to, from, false);

    public void SignExtend8(HostRegister to, HostRegister from, bool wide) => TwoByte(0xbe, to, from, wide, byteSource: true);

    public void SignExtend16(HostRegister to, HostRegister from, bool wide) => TwoByte(0xbf, to, from, wide);

    public void SignExtend32(HostRegister to, HostRegister from)
    {
        Rex(true, to, from);
        Byte(0x63);
        ModRm(to, from);
    }

    /// <summary>movbe: loads 4 or 8 bytes in the other byte order.</summary>
    public void LoadReversed(HostRegister to, MemoryOperand from, bool wide)
    {
        Rex(wide, to, from);
        Byte(0x0f);
        Byte(0x38);
        Byte(0xf0);
        ModRm(to, from);
    }

    public void StoreReversed(MemoryOperand to, HostRegister from, bool wide)
    {
        Rex(wide, from, to);
        Byte(0x0f);
        Byte(0x38);
        Byte(0xf1);
        ModRm(from, to);
    }

    public void StoreReversed16(MemoryOperand to, HostRegister from)
    {
        Byte(0x66);
        StoreReversed(to, from, false);
    }

    public void ByteSwap(HostRegister register, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0x0f);
        Byte((byte)(0xc8 | ((int)register & 7)));
    }

    /// <summary>rol r16, 8.</summary>
    public void ByteSwap16(HostRegister register)
    {
        Byte(0x66);
        Rex(false, 0, register);
        Byte(0xc1);
        ModRm(0, register);
        Byte(8);
        FlagsVersion++;
    }

    public void LoadAddress(HostRegister to, MemoryOperand address, bool wide) => OneByte(0x8d, to, address, wide);

    /// <summary>lea to, [rip + …] of a place counted from <see cref="Begin"/>; it may lie before it.</summary>
    public void LoadAddressOf(HostRegister to, int position)
    {
        Rex(true, to, HostRegister.Rax);
        Byte(0x8d);
        Byte((byte)(0x05 | (((int)to & 7) << 3)));
        Int32(position - (Position + 4));
    }

    public void Push(HostRegister register)
    {
        Rex(false, 0, register);
        Byte((byte)(0x50 | ((int)register & 7)));
    }

    public void Pop(HostRegister register)
    {
        Rex(false, 0, register);
        Byte((byte)(0x58 | ((int)register & 7)));
    }

    // --- arithmetic ---

    public void Alu(AluOperation operation, HostRegister to, HostRegister from, bool wide)
    {
        Rex(wide, from, to);
        Byte((byte)(((int)operation << 3) | 1));
        ModRm(from, to);
        FlagsVersion++;
    }

    public void Alu(AluOperation operation, HostRegister to, MemoryOperand from, bool wide)
    {
        OneByte((byte)(((int)operation << 3) | 3), to, from, wide);
        FlagsVersion++;
    }

    public void Alu(AluOperation operation, MemoryOperand to, HostRegister from, bool wide)
    {
        OneByte((byte)(((int)operation << 3) | 1), from, to, wide);
        FlagsVersion++;
    }

    public void Alu(AluOperation operation, HostRegister to, int value, bool wide)
    {
        Rex(wide, 0, to);
        bool small = value == (sbyte)value;
        Byte(small ? (byte)0x83 : (byte)0x81);
        ModRm((HostRegister)operation, to);
        Immediate(value, small);
        FlagsVersion++;
    }

    public void Alu(AluOperation operation, MemoryOperand to, int value, bool wide)
    {
        Rex(wide, 0, to);
        bool small = value == (sbyte)value;
        Byte(small ? (byte)0x83 : (byte)0x81);
        ModRm((HostRegister)operation, to);
        Immediate(value, small);
        FlagsVersion++;
    }

    /// <summary>The low byte.</summary>
    public void Alu8(AluOperation operation, HostRegister to, MemoryOperand from)
    {
        OneByte((byte)(((int)operation << 3) | 2), to, from, false, byteRegister: true);
        FlagsVersion++;
    }

    public void Alu8(AluOperation operation, MemoryOperand to, HostRegister from)
    {
        OneByte((byte)((int)operation << 3), from, to, false, byteRegister: true);
        FlagsVersion++;
    }

    public void Alu8(AluOperation operation, MemoryOperand to, byte value)
    {
        Rex(false, 0, to);
        Byte(0x80);
        ModRm((HostRegister)operation, to);
        Byte(value);
        FlagsVersion++;
    }

    public void Alu8(AluOperation operation, HostRegister to, byte value)
    {
        RexByte(HostRegister.Rax, to);
        Byte(0x80);
        ModRm((HostRegister)operation, to);
        Byte(value);
        FlagsVersion++;
    }

    public void Test(HostRegister a, HostRegister b, bool wide)
    {
        Rex(wide, b, a);
        Byte(0x85);
        ModRm(b, a);
        FlagsVersion++;
    }

    public void Test(HostRegister a, int value, bool wide)
    {
        Rex(wide, 0, a);
        Byte(0xf7);
        ModRm(0, a);
        Int32(value);
        FlagsVersion++;
    }

    public void Test(MemoryOperand a, int value)
    {
        Rex(false, 0, a);
        Byte(0xf7);
        ModRm(0, a);
        Int32(value);
        FlagsVersion++;
    }

    public void Test8(MemoryOperand a, byte value)
    {
        Rex(false, 0, a);
        Byte(0xf6);
        ModRm(0, a);
        Byte(value);
        FlagsVersion++;
    }

    public void Not(HostRegister register, bool wide) => Group3(2, register, wide);

    public void Negate(HostRegister register, bool wide)
    {
        Group3(3, register, wide);
        FlagsVersion++;
    }

    /// <summary>rdx:rax := rax · register.</summary>
    public void MultiplyWide(HostRegister register, bool signed, bool wide)
    {
        Group3(signed ? 5 : 4, register, wide);
        FlagsVersion++;
    }

    public void MultiplyWide(MemoryOperand factor, bool signed, bool wide)
    {
        Rex(wide, 0, factor);
        Byte(0xf7);
        ModRm((HostRegister)(signed ? 5 : 4), factor);
        FlagsVersion++;
    }

    /// <summary>rax := rdx:rax / register, rdx := the remainder.</summary>
    public void Divide(HostRegister register, bool signed, bool wide)
    {
        Group3(signed ? 7 : 6, register, wide);
        FlagsVersion++;
    }

    /// <summary>cdq or cqo.</summary>
    public void SignExtendAccumulator(bool wide)
    {
        if (wide)
        {
            Byte(0x48);
        }

        Byte(0x99);
    }

    public void Multiply(HostRegister to, HostRegister from, bool wide)
    {
        TwoByte(0xaf, to, from, wide);
        FlagsVersion++;
    }

    public void Multiply(HostRegister to, MemoryOperand from, bool wide)
    {
        TwoByte(0xaf, to, from, wide);
        FlagsVersion++;
    }

    public void MultiplyImmediate(HostRegister to, HostRegister from, int value, bool wide)
    {
        Rex(wide, to, from);
        bool small = value == (sbyte)value;
        Byte(small ? (byte)0x6b : (byte)0x69);
        ModRm(to, from);
        Immediate(value, small);
        FlagsVersion++;
    }

    public void Shift(ShiftOperation operation, HostRegister register, int count, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0xc1);
        ModRm((HostRegister)operation, register);
        Byte((byte)count);
        FlagsVersion++;
    }

    /// <summary>By cl.</summary>
    public void ShiftByCl(ShiftOperation operation, HostRegister register, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0xd3);
        ModRm((HostRegister)operation, register);
        FlagsVersion++;
    }

    /// <summary>shlx, shrx, sarx: by the low bits of a register, flags kept. BMI2.</summary>
    public void ShiftBy(ShiftOperation operation, HostRegister to, HostRegister from, HostRegister count, bool wide) =>
        Vex(2, operation switch { ShiftOperation.Left => 1, ShiftOperation.Right => 3, _ => 2 }, 0xf7, to, count, from, wide);

    public void LeadingZeros(HostRegister to, HostRegister from, bool wide)
    {
        Byte(0xf3);
        TwoByte(0xbd, to, from, wide);
        FlagsVersion++;
    }

    public void TrailingZeros(HostRegister to, HostRegister from, bool wide)
    {
        Byte(0xf3);
        TwoByte(0xbc, to, from, wide);
        FlagsVersion++;
    }

    public void PopulationCount(HostRegister to, HostRegister from, bool wide)
    {
        Byte(0xf3);
        TwoByte(0xb8, to, from, wide);
        FlagsVersion++;
    }

    /// <summary>pext: gathers the bits of <paramref name="from"/> that <paramref name="mask"/> selects. BMI2.</summary>
    public void GatherBits(HostRegister to, HostRegister from, HostRegister mask, bool wide) => Vex(2, 2, 0xf5, to, from, mask, wide);

    /// <summary>pdep: scatters the low bits of <paramref name="from"/> to where <paramref name="mask"/> has ones. BMI2.</summary>
    public void ScatterBits(HostRegister to, HostRegister from, HostRegister mask, bool wide) => Vex(2, 3, 0xf5, to, from, mask, wide);

    public void BitTest(HostRegister register, int bit, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0x0f);
        Byte(0xba);
        ModRm((HostRegister)4, register);
        Byte((byte)bit);
        FlagsVersion++;
    }

    public void Set(Condition condition, HostRegister to)
    {
        RexByte(HostRegister.Rax, to);
        Byte(0x0f);
        Byte((byte)(0x90 | (int)condition));
        ModRm(0, to);
    }

    public void Set(Condition condition, MemoryOperand to)
    {
        Rex(false, 0, to);
        Byte(0x0f);
        Byte((byte)(0x90 | (int)condition));
        ModRm(0, to);
    }

    public void MoveIf(Condition condition, HostRegister to, HostRegister from, bool wide) => TwoByte((byte)(0x40 | (int)condition), to, from, wide);

    public void MoveIf(Condition condition, HostRegister to, MemoryOperand from, bool wide) => TwoByte((byte)(0x40 | (int)condition), to, from, wide);

    // --- control ---

    public void Jump(CodeLabel label)
    {
        Byte(0xe9);
        Reference(label);
    }

    public void Jump(Condition condition, CodeLabel label)
    {
        Byte(0x0f);
        Byte((byte)(0x80 | (int)condition));
        Reference(label);
    }

    /// <summary>To a place counted from <see cref="Begin"/>; it may lie before it.</summary>
    public void JumpTo(int position)
    {
        Byte(0xe9);
        Int32(position - (Position + 4));
    }

    public void JumpTo(Condition condition, int position)
    {
        Byte(0x0f);
        Byte((byte)(0x80 | (int)condition));
        Int32(position - (Position + 4));
    }

    public void CallTo(int position)
    {
        Byte(0xe8);
        Int32(position - (Position + 4));
        FlagsVersion++;
    }

    public void Jump(HostRegister target)
    {
        Rex(false, 0, target);
        Byte(0xff);
        ModRm((HostRegister)4, target);
    }

    public void Call(HostRegister target)
    {
        Rex(false, 0, target);
        Byte(0xff);
        ModRm((HostRegister)2, target);
        FlagsVersion++;
    }

    public void Call(MemoryOperand target)
    {
        Rex(false, 0, target);
        Byte(0xff);
        ModRm((HostRegister)2, target);
        FlagsVersion++;
    }

    public void Return() => Byte(0xc3);

    // --- encoding ---

    private void Reference(CodeLabel label)
    {
        _references.Add((Position, label.Number));
        Int32(0);
    }

    private void Group3(int extension, HostRegister register, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0xf7);
        ModRm((HostRegister)extension, register);
    }

    private void OneByte(byte opcode, HostRegister register, MemoryOperand memory, bool wide, bool byteRegister = false)
    {
        if (byteRegister && register >= HostRegister.Rsp)
        {
            ForcedRex(false, register, memory);
        }
        else
        {
            Rex(wide, register, memory);
        }

        Byte(opcode);
        ModRm(register, memory);
    }

    private void TwoByte(byte opcode, HostRegister register, MemoryOperand memory, bool wide)
    {
        Rex(wide, register, memory);
        Byte(0x0f);
        Byte(opcode);
        ModRm(register, memory);
    }

    private void TwoByte(byte opcode, HostRegister register, HostRegister from, bool wide, bool byteSource = false)
    {
        if (byteSource && from >= HostRegister.Rsp && !wide)
        {
            RexByte(register, from);
        }
        else
        {
            Rex(wide, register, from);
        }

        Byte(0x0f);
        Byte(opcode);
        ModRm(register, from);
    }

    /// <summary>A three-operand instruction of map 0F38: <paramref name="prefix"/> 1 = 66, 2 = F3, 3 = F2.</summary>
    private void Vex(int map, int prefix, byte opcode, HostRegister to, HostRegister second, HostRegister third, bool wide)
    {
        Byte(0xc4);
        Byte((byte)((((int)to & 8) == 0 ? 0x80 : 0) | 0x40 | (((int)third & 8) == 0 ? 0x20 : 0) | map));
        Byte((byte)((wide ? 0x80 : 0) | ((~(int)second & 15) << 3) | prefix));
        Byte(opcode);
        ModRm(to, third);
    }

    private void Rex(bool wide, HostRegister register, HostRegister rm)
    {
        int rex = (wide ? 8 : 0) | (((int)register & 8) >> 1) | ((int)rm >> 3);
        if (rex != 0)
        {
            Byte((byte)(0x40 | rex));
        }
    }

    private void Rex(bool wide, HostRegister register, MemoryOperand memory)
    {
        int rex = RexBits(wide, register, memory);
        if (rex != 0)
        {
            Byte((byte)(0x40 | rex));
        }
    }

    private void ForcedRex(bool wide, HostRegister register, MemoryOperand memory) => Byte((byte)(0x40 | RexBits(wide, register, memory)));

    private static int RexBits(bool wide, HostRegister register, MemoryOperand memory) =>
        (wide ? 8 : 0) | (((int)register & 8) >> 1) | (((int)memory.Index & 8) >> 2) | ((int)memory.Base >> 3);

    /// <summary>spl, bpl, sil and dil need a prefix to be reached as bytes.</summary>
    private void RexByte(HostRegister register, HostRegister rm)
    {
        int rex = (((int)register & 8) >> 1) | ((int)rm >> 3);
        if (rex != 0 || rm >= HostRegister.Rsp)
        {
            Byte((byte)(0x40 | rex));
        }
    }

    private void ModRm(HostRegister register, HostRegister rm) => Byte((byte)(0xc0 | (((int)register & 7) << 3) | ((int)rm & 7)));

    private void ModRm(HostRegister register, MemoryOperand memory)
    {
        bool hasIndex = memory.Index != HostRegister.Rsp;
        bool sib = hasIndex || ((int)memory.Base & 7) == 4;
        int displacement = memory.Displacement;
        int mode = displacement == 0 && ((int)memory.Base & 7) != 5 ? 0 : displacement == (sbyte)displacement ? 1 : 2;
        Byte((byte)((mode << 6) | (((int)register & 7) << 3) | (sib ? 4 : (int)memory.Base & 7)));
        if (sib)
        {
            Byte((byte)((memory.ScaleShift << 6) | (((int)memory.Index & 7) << 3) | ((int)memory.Base & 7)));
        }

        if (mode == 1)
        {
            Byte((byte)displacement);
        }
        else if (mode == 2)
        {
            Int32(displacement);
        }
    }

    private void Immediate(int value, bool small)
    {
        if (small)
        {
            Byte((byte)value);
        }
        else
        {
            Int32(value);
        }
    }

    private void Byte(byte value)
    {
        if (Position >= _capacity)
        {
            Overflowed = true;
            Position = 0;
        }

        _start[Position++] = value;
    }

    private void Int32(int value)
    {
        if (Position + 4 > _capacity)
        {
            Overflowed = true;
            Position = 0;
        }

        *(int*)(_start + Position) = value;
        Position += 4;
    }
}

namespace Firmament.PowerPC.Translator.X64;

/// <summary>Arithmetic, bit operations and control.</summary>
internal sealed unsafe partial class X64Assembler
{
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
        VexRegister(Map0F38, operation switch { ShiftOperation.Left => Prefix66, ShiftOperation.Right => PrefixF2, _ => PrefixF3 }, 0xf7, (int)to, (int)count, (int)from, wide);

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
    public void GatherBits(HostRegister to, HostRegister from, HostRegister mask, bool wide) => VexRegister(Map0F38, PrefixF3, 0xf5, (int)to, (int)from, (int)mask, wide);

    /// <summary>pdep: scatters the low bits of <paramref name="from"/> to where <paramref name="mask"/> has ones. BMI2.</summary>
    public void ScatterBits(HostRegister to, HostRegister from, HostRegister mask, bool wide) => VexRegister(Map0F38, PrefixF2, 0xf5, (int)to, (int)from, (int)mask, wide);

    public void BitTest(HostRegister register, int bit, bool wide)
    {
        Rex(wide, 0, register);
        Byte(0x0f);
        Byte(0xba);
        ModRm((HostRegister)4, register);
        Byte((byte)bit);
        FlagsVersion++;
    }

    /// <summary>bts word: sets a bit, whose number is a register's low word, of memory; the old one goes to the carry flag.</summary>
    public void BitTestAndSet16(MemoryOperand bits, HostRegister bit)
    {
        Byte(0x66);
        TwoByte(0xab, bit, bits, false);
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
}

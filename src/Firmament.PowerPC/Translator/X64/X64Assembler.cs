namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Encodes x86-64 instructions into memory. Source: Intel SDM volume 2. Nothing is checked against the processor at hand: callers ask
/// <see cref="HostProcessor"/> before they use what not every x86-64 has. Arithmetic and control are in X64Assembler.Arithmetic.cs, vectors in X64Assembler.Scalar.cs
/// and X64Assembler.VectorInteger.cs.
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

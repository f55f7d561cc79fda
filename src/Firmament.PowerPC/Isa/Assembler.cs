using System.Buffers.Binary;

namespace Firmament.PowerPC.Isa;

/// <summary>
/// Assembles big-endian PowerPC code: one generated method an instruction, labels, and data. Used for the firmware's guest stubs,
/// the demo client and tests.
/// <example><code>
/// Assembler a = new(origin: 0x100);
/// a.Addi(3, 0, 42);
/// a.Bclr(20, 0);
/// byte[] code = a.ToArray();
/// </code></example>
/// </summary>
/// <param name="origin">Effective address of the first byte; a multiple of 4.</param>
public sealed partial class Assembler(uint origin)
{
    private readonly List<byte> _bytes = [];
    private readonly List<(int Offset, int Bits, bool Absolute, AssemblerLabel Label)> _fixups = [];

    /// <summary>The address of the next byte.</summary>
    public uint Here => origin + (uint)_bytes.Count;

    /// <summary>A label, not bound yet.</summary>
    public AssemblerLabel NewLabel() => new();

    /// <summary>A label bound to the current place.</summary>
    public AssemblerLabel LabelHere() => new() { Address = Here };

    /// <summary>A label bound to any address.</summary>
    public AssemblerLabel LabelAt(uint address) => new() { Address = address };

    /// <summary>Binds a label to the current place.</summary>
    public void Bind(AssemblerLabel label) => label.Address = Here;

    /// <summary>The address of a bound label.</summary>
    public uint AddressOf(AssemblerLabel label) => label.Address ?? throw new InvalidOperationException("the label is not bound yet");

    /// <summary>Emits one word of code or data, big-endian.</summary>
    public void Emit(uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        _bytes.AddRange(bytes);
    }

    /// <summary>Emits bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>Emits a NUL-terminated ASCII string.</summary>
    public void Ascii(string text) => _bytes.AddRange(System.Text.Encoding.ASCII.GetBytes(text + "\0"));

    /// <summary>Emits zero bytes up to a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment)
    {
        while (Here % (uint)alignment != 0)
        {
            _bytes.Add(0);
        }
    }

    /// <summary>li: load a sign-extended 16-bit immediate.</summary>
    public void Li(int rt, int value) => Addi(rt, 0, value);

    /// <summary>lis, then ori where the low half is not zero: load any 32-bit value.</summary>
    public void LoadImmediate(int rt, uint value)
    {
        if ((int)value == (short)value)
        {
            Li(rt, (short)value);
            return;
        }

        Addis(rt, 0, (short)(value >> 16));
        if ((ushort)value != 0)
        {
            Ori(rt, rt, (ushort)value);
        }
    }

    /// <summary>mr: copy a register.</summary>
    public void Mr(int ra, int rs) => Or(ra, rs, rs);

    /// <summary>nop.</summary>
    public void Nop() => Ori(0, 0, 0);

    /// <summary>The assembled bytes. Every label used must be bound.</summary>
    public byte[] ToArray()
    {
        byte[] code = [.. _bytes];
        foreach ((int offset, int bits, bool absolute, AssemblerLabel label) in _fixups)
        {
            Span<byte> at = code.AsSpan(offset, 4);
            uint word = BinaryPrimitives.ReadUInt32BigEndian(at);
            BinaryPrimitives.WriteUInt32BigEndian(at, word | Displacement(AddressOf(label), origin + (uint)offset, bits, absolute));
        }

        return code;
    }

    private static uint Field(int value, int limit, int shift) =>
        value >= 0 && value <= limit ? (uint)(value & limit) << shift : throw new ArgumentOutOfRangeException(nameof(value), value, $"the field holds 0 to {limit}");

    private static uint SignedField(int value, int bits, int shift) =>
        value >= -(1 << (bits - 1)) && value < 1 << (bits - 1)
            ? ((uint)value & ((1u << bits) - 1)) << shift
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"the field holds {bits} signed bits");

    /// <summary>A 6-bit VSX register number: five bits at <paramref name="shift"/>, the highest at <paramref name="bit"/>.</summary>
    private static uint WideField(int value, int shift, int bit) => (Field(value, 63, 0) & 31) << shift | (uint)(value >> 5) << bit;

    /// <summary>A signed field whose low bits the form does not hold.</summary>
    private static uint SignedField(int value, int bits, int shift, int multiple) => value % multiple == 0
        ? SignedField(value, bits, shift)
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"the field holds multiples of {multiple}");

    /// <summary>D of addpcis: bits 0:9 in 16:25, 10:14 in 11:15, 15 in 31.</summary>
    private static uint SplitField(int value)
    {
        uint d = SignedField(value, 16, 0);
        return (d & 0xffc0) | ((d << 15) & 0x001f_0000) | (d & 1);
    }

    private static uint SprField(int spr) => Field(((spr & 31) << 5) | ((spr >> 5) & 31), 1023, 11);

    private static uint Displacement(uint target, uint address, int bits, bool absolute)
    {
        int displacement = (int)(absolute ? target : target - address);
        int reach = 1 << (bits + 1);
        return displacement >= -reach && displacement < reach && displacement % 4 == 0
            ? (uint)displacement & (((1u << bits) - 1) << 2)
            : throw new InvalidOperationException($"a branch at 0x{address:x} cannot reach 0x{target:x}");
    }

    private uint BranchField(AssemblerLabel target, int bits, bool absolute)
    {
        _fixups.Add((_bytes.Count, bits, absolute, target));
        return 0;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Firmament.Machines.Tests.Support;

/// <summary>Builds a PCI expansion ROM with an FCode program, token by token (IEEE 1275-1994 annex F; PCI Local Bus Specification 2.2, 6.3.1).</summary>
internal sealed class FCodeRom
{
    public const byte MinusOne = 0xa4;
    public const byte One = 0xa6;
    public const byte Plus = 0x1e;
    public const byte Drop = 0x46;

    private readonly List<byte> _program = [];
    private int _nextToken = 0x800;

    /// <summary>A property with a string.</summary>
    public FCodeRom Property(string name, string value)
    {
        Text(value);
        _program.AddRange([0x01, 0x14]);
        Text(name);
        _program.AddRange([0x01, 0x10]);
        return this;
    }

    /// <summary>A definition with a name.</summary>
    public FCodeRom Method(string name, params ReadOnlySpan<byte> body)
    {
        _program.Add(0xca);
        _program.Add((byte)name.Length);
        _program.AddRange(Encoding.ASCII.GetBytes(name));
        _program.AddRange([(byte)(_nextToken >> 8), (byte)_nextToken, 0xb7, .. body, 0xc2]);
        _nextToken++;
        return this;
    }

    /// <summary>Tokens as they are.</summary>
    public FCodeRom Raw(params ReadOnlySpan<byte> tokens)
    {
        _program.AddRange(tokens);
        return this;
    }

    /// <summary>The whole ROM. With <paramref name="type"/> 0 it is one for a PC.</summary>
    public byte[] Build(byte type = 1)
    {
        const int Structure = 0x1c;
        const int Start = 0x40;
        byte[] body = [.. _program, 0x00];
        byte[] program = new byte[8 + body.Length];
        program[0] = 0xf1;
        program[1] = 8;
        body.CopyTo(program, 8);
        BinaryPrimitives.WriteUInt16BigEndian(program.AsSpan(2), (ushort)body.Sum(static b => b));
        BinaryPrimitives.WriteUInt32BigEndian(program.AsSpan(4), (uint)program.Length);
        byte[] rom = new byte[(Start + program.Length + 511) / 512 * 512];
        (rom[0], rom[1], rom[2], rom[0x18]) = (0x55, 0xaa, Start, Structure);
        "PCIR"u8.CopyTo(rom.AsSpan(Structure));
        rom[Structure + 0x0a] = 0x18;
        rom[Structure + 0x10] = (byte)(rom.Length / 512);
        rom[Structure + 0x14] = type;
        rom[Structure + 0x15] = 0x80;
        program.CopyTo(rom, Start);
        return rom;
    }

    private void Text(string text)
    {
        _program.AddRange([0x12, (byte)text.Length]);
        _program.AddRange(Encoding.ASCII.GetBytes(text));
    }
}

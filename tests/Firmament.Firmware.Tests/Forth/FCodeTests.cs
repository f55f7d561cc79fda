using System.Buffers.Binary;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.FCode;

namespace Firmament.Firmware.Tests.Forth;

public sealed class FCodeTests : IDisposable
{
    private readonly ForthBench _forth = new();

    public void Dispose() => _forth.Dispose();

    /// <summary>A program with its header: start1 and 16-bit offsets, or version1 and 8-bit ones.</summary>
    public static byte[] Program(ReadOnlySpan<byte> body, byte start = 0xf1)
    {
        byte[] bytes = [start, 8, 0, 0, 0, 0, 0, 0, .. body];
        ushort sum = 0;
        foreach (byte b in body)
        {
            sum += b;
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), sum);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)bytes.Length);
        return bytes;
    }

    [Theory]
    [InlineData(new byte[] { 0x10, 0, 0, 0x12, 0x34, 0xa7, 0x1e, 0 }, 0x1236)]
    [InlineData(new byte[] { 0xa6, 0x14, 0, 5, 0xa7, 0xb2, 0xa8, 0 }, 2, 3)] // 1 if 2 then 3
    [InlineData(new byte[] { 0xa5, 0x14, 0, 4, 0xa7, 0xb2, 0xa8, 0 }, 3)] // 0 if 2 then 3
    [InlineData(new byte[] { 0xa5, 0xb1, 0x10, 0, 0, 0, 1, 0x1e, 0x47, 0xa8, 0x3c, 0x14, 0xff, 0xf6, 0 }, 3)] // 0 begin 1 + dup 3 = until
    [InlineData(new byte[] { 0xa8, 0xa5, 0x17, 0, 5, 0x19, 0x15, 0xff, 0xfd, 0 }, 0, 1, 2)] // 3 0 do i loop
    [InlineData(new byte[] { 0xa7, 0xc4, 0xa7, 0x1c, 0, 6, 0xa8, 0xc6, 0, 4, 0xa6, 0xc5, 0 }, 3)] // 2 case 2 of 3 endof 1 endcase
    [InlineData(new byte[] { 0x12, 2, 0x41, 0x42, 0x51, 0 }, null)]
    public void Programs_run(byte[] body, params int[]? expected)
    {
        int[] stack = Load(Program(body));
        if (expected == null)
        {
            Assert.Equal(3, stack.Length);
            Assert.Equal([2, 2], stack[1..]);
            return;
        }

        Assert.Equal(expected, stack);
    }

    [Theory]
    [InlineData(new byte[] { 0x14, 0, 7, 0xa6, 0x13, 0, 5, 0xb2, 0xa7, 0xb2 }, 1, 1)] // if 1 else 2 then
    [InlineData(new byte[] { 0x14, 0, 7, 0xa6, 0x13, 0, 5, 0xb2, 0xa7, 0xb2 }, 0, 2)]
    [InlineData(new byte[] { 0xa5, 0x18, 0, 9, 0x19, 0xa7, 0x3c, 0x14, 0, 4, 0x1b, 0xb2, 0x19, 0x15, 0xff, 0xf5 }, 5, 0, 1)] // 0 ?do i 2 = if leave then i loop
    [InlineData(new byte[] { 0xc4, 0xa6, 0x1c, 0, 10, 0x10, 0, 0, 0, 0x11, 0xc6, 0, 21, 0xa7, 0x1c, 0, 10, 0x10, 0, 0, 0, 0x22, 0xc6, 0, 9, 0x10, 0, 0, 0, 0x33, 0x49, 0xc5 }, 2, 0x22)]
    [InlineData(new byte[] { 0xc4, 0xa6, 0x1c, 0, 10, 0x10, 0, 0, 0, 0x11, 0xc6, 0, 21, 0xa7, 0x1c, 0, 10, 0x10, 0, 0, 0, 0x22, 0xc6, 0, 9, 0x10, 0, 0, 0, 0x33, 0x49, 0xc5 }, 9, 0x33)]
    [InlineData(new byte[] { 0xb1, 0x47, 0x14, 0, 12, 0x10, 0, 0, 0, 1, 0x1f, 0x13, 0xff, 0xf5, 0xb2 }, 5, 0)] // begin dup while 1 - repeat
    public void Definitions_are_compiled(byte[] body, int argument, params int[] expected)
    {
        byte[] program = [0xca, 1, (byte)'f', 8, 0, 0xb7, .. body, 0xc2, 0];
        _forth.Run("dev /pci/ide");
        _ = Load(Program(program));
        Assert.Equal(expected, _forth.Run($"{argument:x} f"));
        Assert.True(_forth.Firmware.HasMethod(_forth.Of.Tree.Find("/pci/ide")!, "f"u8));
    }

    [Fact]
    public void All_kinds_of_definitions_have_tokens()
    {
        byte[] body =
        [
            0xa8, 0xb5, 8, 0, 0xb8, // 3 new-token 800 b(value)
            0xa7, 0xb6, 1, (byte)'c', 8, 1, 0xba, // 2 named-token c 801 b(constant)
            0xb5, 8, 2, 0xb9, // 802 b(variable)
            0xb5, 8, 3, 0xbc, // 803 b(defer)
            0xb5, 8, 4, 0xbb, 0x10, 0, 0, 0, 9, 0xd3, // 804 b(create) 9 ,
            0xa5, 0x10, 0, 0, 0, 4, 0xb5, 8, 5, 0xbe, 0x46, // 0 4 805 b(field) drop
            0x10, 0, 0, 0, 8, 0xb5, 8, 6, 0xbd, // 8 806 b(buffer:)
            0xa6, 0xc3, 8, 0, // 1 b(to) 800
            0x11, 8, 1, 0xc3, 8, 3, // b(') 801 b(to) 803
            0xa8, 8, 2, 0x72, 8, 2, 0x6d, // 3 802 ! 802 @
            8, 0, 8, 1, 8, 3, 8, 4, 0x6d, 0xa6, 8, 5, // 800 801 803 804 @ 1 805
            0,
        ];
        Assert.Equal([3, 1, 2, 2, 9, 1], Load(Program(body)));
    }

    [Fact]
    public void A_driver_makes_nodes_and_properties()
    {
        byte[] body =
        [
            0x01, 0x1f, 0x12, 3, .. "foo"u8, 0x02, 0x01, // new-device " foo" device-name
            0xa5, 0xa5, 0x10, 0, 0, 0x28, 0, 0xa5, 0xa6, 0x01, 0x16, // 0 0 2800 0 1 reg
            0xa7, 0x01, 0x11, 0x12, 1, (byte)'x', 0x01, 0x10, // 2 encode-int " x" property
            0xca, 4, .. "open"u8, 8, 0, 0xb7, 0xa4, 0xc2, // : open -1 ;
            0x01, 0x27, 0, // finish-device
        ];
        _forth.Run("dev /pci");
        Assert.Empty(Load(Program(body)));
        DeviceNode foo = _forth.Of.Tree.Find("/pci/foo@5")!;
        Assert.Equal([0, 0, 0, 2], foo["x"]!.Value.ToArray());
        Assert.NotEqual(0u, _forth.Of.Call("open", _forth.Of.Text("/pci/foo")));
    }

    [Fact]
    public void Offsets_of_version1_have_8_bits_until_offset16()
    {
        Assert.Equal([2, 3], Load(Program([0xa6, 0x14, 3, 0xa7, 0xb2, 0xa8, 0], 0xfd)));
        Assert.Equal([2, 3], Load(Program([0xcc, 0xa6, 0x14, 0, 4, 0xa7, 0xb2, 0xa8, 0], 0xfd)));
    }

    [Theory]
    [InlineData(new byte[] { 0xc1, 0 })]
    [InlineData(new byte[] { 0x0f, 0xff, 0 })]
    [InlineData(new byte[] { 0x10, 0, 0 })]
    [InlineData(new byte[] { 0x13, 0x7f, 0xff, 0 })]
    [InlineData(new byte[] { 0xb5, 1, 0, 0xb7, 0 })]
    [InlineData(new byte[] { 0xb7, 0 })]
    [InlineData(new byte[] { 0xb5, 8, 0, 0xb7, 0x14, 0, 7, 0xc2, 0 })]
    [InlineData(new byte[] { 0xb5, 8, 0, 0xb7, 0x13, 0xff, 0xf0, 0xc2, 0 })]
    public void Bad_programs_throw(byte[] body)
    {
        Assert.Equal(-262, TryLoad(Program(body), out _));
        Assert.Equal([3], _forth.Run("1 2 +"));
    }

    [Fact]
    public void Headers_are_checked()
    {
        Assert.Equal(-262, TryLoad([0x12, 0x34, 0, 0, 0, 0, 0, 16, 0], out _));
        Assert.Equal(-262, TryLoad([0xf1, 8, 0, 0, 0xff, 0, 0, 16, 0], out _));
        byte[] wrongSum = Program([0xa6, 0]);
        wrongSum[3] ^= 1;
        Assert.Equal(0, TryLoad(wrongSum, out int[] stack));
        Assert.Equal([1], stack);
        Assert.Contains(_forth.Of.Platform.GuestErrors, static e => e.Contains("checksum", StringComparison.Ordinal));
        Assert.Equal(-262, _forth.Try("f0000000 1 byte-load"));
    }

    [Fact]
    public void The_program_of_a_device_runs_below_its_opened_parent()
    {
        _forth.Run("dev /pci : open true ; : close ; : map-in ( phys.lo phys.mid phys.hi size -- virt ) 2drop 2drop 1234 ; device-end");
        DeviceNode ide = _forth.Of.Tree.Find("/pci/ide")!;
        ide.SetCells("reg", 0x6100, 0, 0, 0, 0);
        byte[] body =
        [
            0x01, 0x02, 0xa8, 0x01, 0x03, 0xa7, 0x01, 0x04, // my-address 3 my-space 2 memmap, in the wrong order for map-in but right in number
            0x46, 0x46, 0x01, 0x03, 0x01, 0x11, 0x12, 1, (byte)'x', 0x01, 0x10, // drop drop my-space encode-int " x" property
            0xca, 4, .. "five"u8, 8, 0, 0xb7, 0x10, 0, 0, 0, 5, 0xc2, 0,
        ];
        int result = ((Firmament.Firmware.Forth.ForthSystem)_forth.Firmware.Forth!).EvaluateFCode(ide, Program(body));
        Assert.Equal(0, result);
        Assert.Equal([0, 0, 0x61, 0], ide["x"]!.Value.ToArray());
        Assert.True(_forth.Firmware.HasMethod(ide, "five"u8));
        Assert.Equal([0], _forth.Run("my-self"));
        Assert.Equal(-262, ((Firmament.Firmware.Forth.ForthSystem)_forth.Firmware.Forth!).EvaluateFCode(ide, [1, 2, 3]));
    }

    [Fact]
    public void The_fcode_image_of_an_expansion_rom_is_found()
    {
        byte[] fcode = Program([0xa6, 0]);
        byte[] rom = new byte[1536];
        Image(rom.AsSpan(0, 512), type: 0, last: false);
        Image(rom.AsSpan(512, 1024), type: 1, last: true);
        fcode.CopyTo(rom, 512 + 0x40);
        BinaryPrimitives.WriteUInt16LittleEndian(rom.AsSpan(512 + 2), 0x40);
        Assert.True(ExpansionRom.TryFindFCode(rom, out ReadOnlyMemory<byte> found));
        Assert.Equal(fcode, found[..fcode.Length].ToArray());
        Assert.False(ExpansionRom.TryFindFCode(rom.AsMemory(0, 512), out _));
        Assert.False(ExpansionRom.TryFindFCode(new byte[16], out _));
        rom[512 + 0x1c] = 0;
        Assert.False(ExpansionRom.TryFindFCode(rom, out _));
    }

    private static void Image(Span<byte> image, byte type, bool last)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(image, 0xaa55);
        BinaryPrimitives.WriteUInt16LittleEndian(image[0x18..], 0x1c);
        "PCIR"u8.CopyTo(image[0x1c..]);
        BinaryPrimitives.WriteUInt16LittleEndian(image[0x2c..], (ushort)(image.Length / 512));
        image[0x30] = type;
        image[0x31] = (byte)(last ? 0x80 : 0);
    }

    private int[] Load(byte[] program)
    {
        int result = TryLoad(program, out int[] stack);
        Assert.True(result == 0, $"{Convert.ToHexStringLower(program)} threw {result}: {string.Join(", ", _forth.Of.Platform.GuestErrors)}");
        return stack;
    }

    private int TryLoad(byte[] program, out int[] stack)
    {
        _forth.Of.Write(Bench.Scratch, program);
        return _forth.Try($"{Bench.Scratch:x} 1 byte-load", out stack);
    }
}

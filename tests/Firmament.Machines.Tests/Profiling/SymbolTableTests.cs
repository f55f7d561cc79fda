using Firmament.Core;
using Firmament.Machines.Configuration;
using Firmament.Machines.Demo;
using Firmament.Machines.Profiling;
using static Firmament.Machines.Tests.Profiling.SymbolFiles;

namespace Firmament.Machines.Tests.Profiling;

public sealed class SymbolTableTests
{
    private const byte GlobalFunction = 0x12;
    private const byte Label = 0x00;
    private const byte Object = 0x11;

    [Theory]
    [InlineData(0xc0000000, "_start")]
    [InlineData(0xc00000fc, "_start")]
    [InlineData(0xc0000100, "start_here")]
    [InlineData(0x00000104, "start_here")]
    [InlineData(0xc00000000000104, null)]
    [InlineData(0xbffffffc, null)]
    [InlineData(0xd0000000, null)]
    public void An_address_is_in_the_function_before_it_and_in_real_mode_too(ulong address, string? name)
    {
        SymbolTable table = SymbolTable.Read(Map("c0000000 T _start\nc0000100 t .start_here\nc0000100 W weak_and_longer\nc0000180 D data\nbad\n"), "--symbols");
        Assert.Equal(2, table.Count);
        Assert.Equal(name, table.Find(address));
    }

    [Fact]
    public void A_64_bit_map_is_read_and_found_in_real_mode()
    {
        SymbolTable table = SymbolTable.Read(Map("c000000000000000 T _stext\r\nc000000000010000 T do_it\t[module]\r\n"), "--symbols");
        Assert.Equal("do_it", table.Find(0xc000_0000_0001_0010));
        Assert.Equal("do_it", table.Find(0x1_0010));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Functions_and_labels_in_code_come_from_an_elf_file(bool wide, bool little)
    {
        SymbolTable table = SymbolTable.Read(
            Elf(wide, little, 0x10000, [], ("", 0, Label, 0), ("main", 0x10100, GlobalFunction, 1), ("label_there", 0x10100, Label, 1), ("loop", 0x10200, Label, 1), (".L5", 0x10104, Label, 1), ("table", 0x110000, Object, 2)),
            "--kernel");
        Assert.Equal(("main", "loop", null), (table.Find(0x101fc), table.Find(0x10200), table.Find(0x100fc)));
    }

    [Fact]
    public void A_function_descriptor_leads_to_its_code()
    {
        SymbolTable table = SymbolTable.Read(Elf(true, false, 0x10000, [0x10040, 0x10080], ("first", 0x110000, GlobalFunction, 2), ("second", 0x110008, GlobalFunction, 2), ("beyond", 0x200000, GlobalFunction, 2)), "--kernel");
        Assert.Equal(("first", "second", 2), (table.Find(0x10044), table.Find(0x10080), table.Count));
    }

    [Fact]
    public void A_stripped_file_gives_nothing_and_another_file_an_error()
    {
        Assert.Equal(0, SymbolTable.Read(GuestImage.FromBytes("the demo", DemoProgram.Build()), "--kernel").Count);
        Assert.Contains("'x' has no symbols; give --symbols", Assert.Throws<UserErrorException>(
            static () => SymbolTable.Read(GuestImage.FromBytes("x", new byte[100]), "--symbols")).Message, StringComparison.Ordinal);
        Assert.Contains("truncated", Assert.Throws<UserErrorException>(
            static () => SymbolTable.Read(GuestImage.FromBytes("x", "\u007fELF\u0001\u0002\u0001"u8.ToArray()), "--symbols")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_gives_an_error_or_fewer_symbols_but_no_exception()
    {
        byte[] good = Elf(true, false, 0x10000, [0x10040], ("first", 0x110000, GlobalFunction, 2), ("main", 0x10100, GlobalFunction, 1)).Read("x").ToArray();
        for (int i = 16; i < good.Length; i++)
        {
            foreach (byte value in (byte[])[0, 0x7f, 0xff])
            {
                byte[] bad = [.. good];
                bad[i] = value;
                try
                {
                    SymbolTable.Read(GuestImage.FromBytes("bad", bad), "--symbols");
                }
                catch (UserErrorException)
                {
                    // In one sentence.
                }
            }
        }
    }
}

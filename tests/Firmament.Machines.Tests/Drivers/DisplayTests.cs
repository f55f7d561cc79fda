using System.Text;
using Firmament.Devices.Display;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Display;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>The display's package on the real card of both machines: what it draws is what a screendump shows.</summary>
public sealed class DisplayTests
{
    private const uint Buffer = (uint)DriverBench.Buffer;
    private const int White = 0xffffff;
    private const int Black = 0;

    public static TheoryData<string, string> Cards => new()
    {
        { "pegasos2", "VGA" }, { "pegasos2", "bochs-display" }, { "pseries", "VGA" }, { "pseries", "bochs-display" },
    };

    [Theory]
    [MemberData(nameof(Cards))]
    public void Open_shows_a_white_screen_and_describes_it(string machine, string card)
    {
        using Screen screen = new(machine, card);
        DeviceNode node = screen.Node;
        Assert.Null(screen.Bench.Machine.ScreenDump());
        Assert.Equal("display", node.GetString("device_type"));

        screen.Open();

        Assert.Equal((800, 600), (screen.Picture().Width, screen.Picture().Height));
        Assert.Equal(White, screen.Picture()[799, 599]);
        Assert.Equal((800u, 600u, 8u, 800u), (Cell(node, "width"), Cell(node, "height"), Cell(node, "depth"), Cell(node, "linebytes")));
        Assert.Equal(machine == "pegasos2", node["address"] != null);
        Assert.Equal([600u, 800u], screen.Call("dimensions", 2));
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Text_is_drawn_with_the_font(string machine, string card)
    {
        using Screen screen = new(machine, card);
        screen.Open();

        screen.Write("Ag\r\n\u001b[31m!");

        DisplayPicture picture = screen.Picture();
        AssertGlyph(picture, 0, 0, (byte)'A', Black);
        AssertGlyph(picture, 1, 0, (byte)'g', Black);
        AssertGlyph(picture, 0, 1, (byte)'!', 0xaa0000);
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Rectangles_are_filled_drawn_and_read(string machine, string card)
    {
        using Screen screen = new(machine, card);
        screen.Open();
        screen.Call("color!", 0, 0x12, 0x34, 0x56, 100);
        screen.Call("fill-rectangle", 0, 100, 33, 47, 21, 5);
        byte[] pixels = [1, 2, 3, 4, 100, 5];
        screen.Bench.Fill(Buffer, pixels);
        screen.Call("draw-rectangle", 0, Buffer, 201, 301, 3, 2);
        screen.Call("read-rectangle", 0, Buffer + 64, 201, 301, 3, 2);

        DisplayPicture picture = screen.Picture();
        for (int y = 46; y < 54; y++)
        {
            for (int x = 32; x < 56; x++)
            {
                Assert.Equal(x is >= 33 and < 54 && y is >= 47 and < 52 ? 0x123456 : White, picture[x, y]);
            }
        }

        Assert.Equal((0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0x123456, 0xaa00aa), (picture[201, 301], picture[202, 301], picture[203, 301], picture[201, 302], picture[202, 302], picture[203, 302]));
        Assert.Equal(pixels, screen.Bench.Ram(Buffer + 64, 6));
        Assert.Equal([0x56u, 0x34u, 0x12u], screen.Call("color@", 3, 100));
    }

    [Fact]
    public void Rectangles_are_cut_at_the_edges_and_bad_memory_is_refused()
    {
        using Screen screen = new("pegasos2", "VGA");
        screen.Open();
        screen.Call("fill-rectangle", 0, 0, 790, 595, uint.MaxValue, uint.MaxValue);
        screen.Call("fill-rectangle", 0, 1, 800, 0, 10, 10);
        screen.Call("fill-rectangle", 0, 1, uint.MaxValue, uint.MaxValue, 10, 10);

        Assert.Equal((White, Black, Black), (screen.Picture()[789, 595], screen.Picture()[790, 595], screen.Picture()[799, 599]));
        Assert.Equal(CatchResult.InvalidAddress, screen.TryCall("draw-rectangle", 0xffff_0000, 0, 0, 10, 10));
        Assert.Equal(CatchResult.InvalidAddress, screen.TryCall("set-colors", 0xffff_0000, 0, 10));
        Assert.Equal(CatchResult.StackUnderflow, screen.TryCall("fill-rectangle", 1, 2));
    }

    [Fact]
    public void Colors_go_to_memory_and_back()
    {
        using Screen screen = new("pseries", "VGA");
        screen.Open();
        byte[] colors = DriverBench.Pattern(30);
        screen.Bench.Fill(Buffer, colors);
        screen.Call("set-colors", 0, Buffer, 100, 10);
        screen.Call("get-colors", 0, Buffer + 100, 100, 10);
        Assert.Equal(colors, screen.Bench.Ram(Buffer + 100, 30));
    }

    [Theory]
    [InlineData("abc\u001b[2D*", "a*c")]
    [InlineData("abc\u001b[1;2H\u001b[K", "a")]
    [InlineData("abc\u001b[1;2H\u001b[@", "a bc")]
    [InlineData("abcd\u001b[1;2H\u001b[2P", "ad")]
    [InlineData("x\u001b[Hab\u001b[1;1H\u001b[L", "", "ab")]
    [InlineData("ab\r\ncd\u001b[1;1H\u001b[M", "cd")]
    [InlineData("ab\u001b[Bcd\u001b[A\u001b[Ce", "ab   e", "  cd")]
    [InlineData("ab\u001b[2E*", "ab", "", "*")]
    [InlineData("ab\r\ncd\u001b[1;2H\u001b[J", "a", "")]
    [InlineData("ab\r\ncd\u001b[2J", "", "")]
    [InlineData("a\tb\bc", "a       c")]
    [InlineData("ab\fc", "c")]
    [InlineData("\u001b[7ma", "a")]
    [InlineData("\u001b[9;9;9;9;9;9;9;9;9;9;9;99999999999Zok", "ok")]
    public void Escape_sequences_do_what_annex_B_says(string text, params string[] lines)
    {
        using Screen screen = new("pegasos2", "VGA");
        screen.Open();
        screen.Write(text + "\u001b[?25l");
        for (int line = 0; line < lines.Length; line++)
        {
            Assert.Equal(lines[line], screen.Text(line));
        }
    }

    [Fact]
    public void The_screen_scrolls_and_lines_wrap()
    {
        using Screen screen = new("pegasos2", "VGA");
        screen.Open();
        StringBuilder text = new();
        for (int i = 0; i < 40; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(i == 0 ? "" : "\r\n")}line {i}");
        }

        screen.Write(text.ToString());
        Assert.Equal("line 3", screen.Text(0));
        screen.Write("\u001b[?25l" + new string('x', 100));
        Assert.Equal("line 39" + new string('x', 93), screen.Text(35));
        Assert.Equal("xxxxxxx", screen.Text(36));
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void Output_device_screen_makes_it_stdout_and_the_serial_console_stays_without_it(string machine)
    {
        MachineConfiguration configuration = DriverBench.Configuration(machine) with { Devices = [DriverBench.Device("VGA")] };
        using DriverBench serial = new(configuration);
        using DriverBench chosen = new(configuration with { FirmwareVariables = new Dictionary<string, string> { ["output-device"] = "screen" } });

        Assert.NotEqual("display", Stdout(serial).Node.GetString("device_type"));
        Assert.Null(serial.Machine.ScreenDump());
        Assert.Equal("display", Stdout(chosen).Node.GetString("device_type"));
        Assert.NotNull(chosen.Machine.ScreenDump());
        OpenFirmware firmware = chosen.Devices.Firmware;
        Assert.Equal(CatchResult.Ok, firmware.Forth!.Interpret(".\" hello\""u8, firmware.Physical, new DataStack()));
        AssertGlyph(Decode(chosen.Machine.ScreenDump()!), 0, 0, (byte)'h', Black);
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void A_saved_machine_goes_on_with_its_picture_and_cursor(string machine)
    {
        using Screen first = new(machine, "VGA");
        first.Open();
        first.Write("before");
        using MemoryStream state = new();
        first.Bench.Machine.Save(state);
        first.Write(" after");
        using Screen second = new(machine, "VGA");
        state.Position = 0;
        second.Bench.Machine.Load(state);
        second.Adopt();
        second.Write(" after");
        Assert.Equal(first.Picture().Pixels, second.Picture().Pixels);
        Assert.Equal(first.Bench.Machine.StateHash(), second.Bench.Machine.StateHash());
    }

    [Fact]
    public void The_terminal_emulator_s_package_writes_to_the_display_below_it()
    {
        using Screen screen = new("pegasos2", "VGA");
        Instance display = screen.Open();
        OpenFirmware firmware = screen.Firmware;
        DeviceNode package = firmware.Tree.Find("/packages/terminal-emulator")!;
        Assert.Null(firmware.OpenPackage(package, null, null, firmware.Physical));
        Instance emulator = firmware.OpenPackage(package, null, display, firmware.Physical)!;
        screen.Bench.Fill(Buffer, "ok"u8);
        DataStack stack = new();
        stack.Push(Buffer);
        stack.Push(2u);
        Assert.Equal(CatchResult.Ok, firmware.CallMethod(emulator, "write"u8, firmware.Physical, stack));
        screen.Write("\u001b[?25l");
        Assert.Equal("ok", screen.Text(0));
    }

    [Fact]
    public void Quiesce_leaves_the_picture_and_refuses_more()
    {
        using Screen screen = new("pseries", "VGA");
        screen.Open();
        screen.Write("x");
        screen.Bench.Devices.Quiesce();
        AssertGlyph(screen.Picture(), 0, 0, (byte)'x', Black);
        Assert.Equal(CatchResult.Abort, screen.TryCall("dimensions"));
    }

    private static Instance Stdout(DriverBench bench)
    {
        Assert.True(bench.Devices.Tree.Find("/chosen")!.TryGetCell("stdout", 0, out uint handle));
        return bench.Devices.Firmware.Instances.Find(handle)!;
    }

    private static uint Cell(DeviceNode node, string property) => node.TryGetCell(property, 0, out uint value) ? value : uint.MaxValue;

    private static void AssertGlyph(DisplayPicture picture, int column, int line, byte character, int ink)
    {
        ReadOnlySpan<byte> rows = ConsoleFont.Glyph(character);
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                Assert.Equal((rows[y] & (0x80 >> x)) != 0 ? ink : White, picture[(column * 8) + x, 4 + (line * 16) + y]);
            }
        }
    }

    private static DisplayPicture Decode(byte[] ppm)
    {
        string[] header = Encoding.ASCII.GetString(ppm, 0, 15).Split('\n');
        int[] size = [.. header[1].Split(' ').Select(static text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(("P6", "255"), (header[0], header[2]));
        byte[] pixels = ppm[^(size[0] * size[1] * 3)..];
        return new DisplayPicture(size[0], size[1], pixels);
    }

    private sealed class Screen : IDisposable
    {
        private Instance? _instance;

        public Screen(string machine, string card) =>
            Bench = new DriverBench(DriverBench.Configuration(machine) with { Devices = [DriverBench.Device(card)] });

        public DriverBench Bench { get; }

        public OpenFirmware Firmware => Bench.Devices.Firmware;

        public DeviceNode Node => Firmware.Tree.Find(Firmware.Tree.Root.Child("aliases")!.GetString("screen")!)!;

        public Instance Open()
        {
            _instance = Firmware.Open(Firmware.Tree.Resolve("screen"), Firmware.Physical);
            Assert.True(_instance != null, Bench.Trace);
            return _instance;
        }

        /// <summary>Takes the instance of a machine that was loaded.</summary>
        public void Adopt() => _instance = Enumerable.Range(0, 64).Select(slot => Firmware.Instances.Find(0x4000_1000 | (uint)slot)).First(instance => instance?.Node == Node);

        public int TryCall(string method, params ReadOnlySpan<uint> arguments)
        {
            DataStack stack = new();
            foreach (uint argument in arguments)
            {
                stack.Push(argument);
            }

            return Firmware.CallMethod(_instance!, Encoding.ASCII.GetBytes(method), Firmware.Physical, stack);
        }

        /// <summary>Calls a method that works; its results, the top of the stack first.</summary>
        public uint[] Call(string method, int results, params ReadOnlySpan<uint> arguments)
        {
            DataStack stack = new();
            foreach (uint argument in arguments)
            {
                stack.Push(argument);
            }

            Assert.Equal(CatchResult.Ok, Firmware.CallMethod(_instance!, Encoding.ASCII.GetBytes(method), Firmware.Physical, stack));
            Assert.Equal(results, stack.Depth);
            uint[] cells = new uint[results];
            for (int i = 0; i < results; i++)
            {
                cells[i] = stack.Pop();
            }

            return cells;
        }

        public void Write(string text)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            Bench.Fill(Buffer, bytes);
            Assert.Equal([(uint)bytes.Length], Call("write", 1, Buffer, (uint)bytes.Length));
        }

        public DisplayPicture Picture() => Decode(Bench.Machine.ScreenDump()!);

        /// <summary>A line of the screen, read by comparing cells with the font in whatever two colours.</summary>
        public string Text(int line)
        {
            DisplayPicture picture = Picture();
            StringBuilder text = new();
            for (int column = 0; column < 100; column++)
            {
                text.Append(Letter(picture, column, line));
            }

            return text.ToString().TrimEnd();
        }

        public void Dispose() => Bench.Dispose();

        private static char Letter(DisplayPicture picture, int column, int line)
        {
            for (int character = 0x20; character < 0x7f; character++)
            {
                ReadOnlySpan<byte> rows = ConsoleFont.Glyph((byte)character);
                int paper = picture[column * 8, 4 + (line * 16)];
                bool same = true;
                for (int at = 0; at < 128 && same; at++)
                {
                    bool isInk = picture[(column * 8) + (at % 8), 4 + (line * 16) + (at / 8)] != paper;
                    same = isInk == ((rows[at / 8] & (0x80 >> (at % 8))) != 0);
                }

                if (same)
                {
                    return (char)character;
                }
            }

            return '?';
        }
    }
}

using System.Text;
using Firmament.Core.Memory;
using Firmament.DeviceTree;
using Firmament.Firmware.Architecture;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware.Tests;

/// <summary>A firmware on a tree like the Pegasos II's, and a client that calls it.</summary>
internal sealed class Bench : IDisposable
{
    public const uint ArrayAddress = 0x00200000;
    public const uint Scratch = 0x00210000;
    private const uint TextBase = 0x00201000;

    private uint _nextText = TextBase;

    public Bench(HypercallConvention convention = HypercallConvention.Papr, ulong ramSize = 16 << 20, bool is64Bit = false, bool strict = false, bool rtas = true,
        IArchitectureHost? architecture = null, bool answersProblemState = false, long? forthSteps = null)
    {
        Platform = new FakePlatform(ramSize);
        Platform.Clock = Platform;
        Cpu = new FakeProcessor(is64Bit);
        Tree = BuildTree(ramSize);
        Firmware = new OpenFirmware(Platform, Tree, new FirmwareOptions
        {
            Convention = convention,
            ConsolePath = "/failsafe",
            BootArguments = "console=ttyS0 run=true",
            Rtas = rtas ? PegasosRtas.For(Platform) : null,
            Strict = strict,
            Architecture = architecture,
            AnswersProblemState = answersProblemState,
            ForthSteps = forthSteps ?? 100_000_000,
        });
        Firmware.Attach(Tree.Root.Child("failsafe")!, new ConsolePackage(Platform));
        Firmware.Attach(Tree.Find("/pci@80000000/isa@c/rtc@i70")!, new RtcPackage(Platform));
        Firmware.Attach(Tree.Root.Child("nvram")!, new NvramPackage(Platform.Nvram!));
        Firmware.Install();
    }

    public FakePlatform Platform { get; }

    public FakeProcessor Cpu { get; }

    public DeviceTree.DeviceTree Tree { get; }

    public OpenFirmware Firmware { get; }

    public uint[] Results { get; private set; } = [];

    public static DeviceTree.DeviceTree BuildTree(ulong ramSize)
    {
        DeviceTree.DeviceTree tree = new();
        DeviceNode root = tree.Root;
        root.SetString("name", "bplan,Pegasos2").SetCells("#address-cells", 1).SetString("device_type", "chrp").SetString("model", "Pegasos2");
        root.AddChild("openprom").SetString("model", "Pegasos2,1.1");
        root.AddChild("chosen");
        root.AddChild("memory@0").SetString("device_type", "memory").SetCells("reg", 0, (uint)ramSize);
        DeviceNode cpus = root.AddChild("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        cpus.AddChild("PowerPC,G4").SetString("device_type", "cpu").SetCells("reg", 0, 0);
        root.AddChild("failsafe").SetString("device_type", "serial");
        root.AddChild("nvram").SetString("device_type", "nvram");
        DeviceNode pci = root.AddChild("pci@80000000").SetString("device_type", "pci").SetCells("#address-cells", 3).SetCells("#size-cells", 2);
        pci.AddChild("host@0");
        DeviceNode isa = pci.AddChild("isa@c").SetString("device_type", "isa");
        isa.AddChild("rtc@i70").SetString("device_type", "rtc");
        isa.AddChild("serial@i2f8").SetString("device_type", "serial");
        pci.AddChild("ide@c,1").SetString("device_type", "spi").SetEmpty("empty");
        root.AddChild("aliases").SetString("screen", "/failsafe").SetString("hd", "/pci@80000000/ide@c,1");
        return tree;
    }

    public void Dispose() => Platform.Dispose();

    /// <summary>Stores a string and returns its address.</summary>
    public uint Text(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text + "\0");
        Assert.True(Platform.Ram.TryWrite(new PhysicalAddress(_nextText), bytes));
        uint address = _nextText;
        _nextText += (uint)bytes.Length;
        if (_nextText > Scratch - 0x2000)
        {
            _nextText = TextBase;
        }

        return address;
    }

    public uint Write(uint address, ReadOnlySpan<byte> bytes)
    {
        Assert.True(Platform.Ram.TryWrite(new PhysicalAddress(address), bytes));
        return address;
    }

    public byte[] Bytes(uint address, int count)
    {
        byte[] bytes = new byte[count];
        Assert.True(Platform.Ram.TryRead(new PhysicalAddress(address), bytes));
        return bytes;
    }

    public string String(uint address)
    {
        byte[] bytes = Bytes(address, 256);
        return Encoding.Latin1.GetString(bytes, 0, Array.IndexOf(bytes, (byte)0));
    }

    public uint Cell(uint address)
    {
        Assert.True(Platform.Ram.TryReadUInt32(new PhysicalAddress(address), out uint value));
        return value;
    }

    /// <summary>Writes an argument array and returns its address. Result cells hold a pattern.</summary>
    public uint ArrayOf(uint service, int results, params ReadOnlySpan<uint> arguments) => ArrayAt(ArrayAddress, service, results, arguments);

    public uint ArrayAt(uint address, uint service, int results, params ReadOnlySpan<uint> arguments)
    {
        uint at = address;
        foreach (uint cell in (uint[])[service, (uint)arguments.Length, (uint)results, .. arguments])
        {
            Assert.True(Platform.Ram.TryWriteUInt32(new PhysicalAddress(at), cell));
            at += 4;
        }

        for (int i = 0; i < results; i++)
        {
            Assert.True(Platform.Ram.TryWriteUInt32(new PhysicalAddress(at), 0xdeadbeef));
            at += 4;
        }

        return address;
    }

    /// <summary>Calls a client service and returns r3; the result cells are in <see cref="Results"/>.</summary>
    public int CallRaw(string service, int results, params ReadOnlySpan<uint> arguments)
    {
        uint array = ArrayOf(Text(service), results, arguments);
        int r3 = Firmware.Client.Call(Cpu, array);
        ReadResults(array, arguments.Length, results);
        return r3;
    }

    /// <summary>Calls a client service that must be performed, and returns its first result.</summary>
    public uint Call(string service, params ReadOnlySpan<uint> arguments) => Call(service, 1, arguments);

    public uint Call(string service, int results, ReadOnlySpan<uint> arguments)
    {
        Assert.Equal(0, CallRaw(service, results, arguments));
        return results > 0 ? Results[0] : 0;
    }

    /// <summary>Calls RTAS and returns r3 of the hypercall; the result cells are in <see cref="Results"/>.</summary>
    public int Rtas(uint token, int results, params ReadOnlySpan<uint> arguments)
    {
        uint array = ArrayOf(token, results, arguments);
        int r3 = Firmware.Rtas!.Call(Cpu, array);
        ReadResults(array, arguments.Length, results);
        return r3;
    }

    public uint Find(string path) => Call("finddevice", Text(path));

    private void ReadResults(uint array, int arguments, int results)
    {
        Results = new uint[results];
        for (int i = 0; i < results; i++)
        {
            Results[i] = Cell(array + (uint)((3 + arguments + i) * 4));
        }
    }
}

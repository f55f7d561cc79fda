using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Network;

namespace Firmament.Firmware.Tests.Network;

/// <summary>A firmware with a network card, and a server on its wire.</summary>
internal sealed class NetworkLab : IDisposable
{
    public const uint LoadAddress = 0x00400000;

    public NetworkLab()
    {
        Card = new FakeCard(Bench.Platform);
        Server = new FakeServer(Card);
        Node = Bench.Tree.Find("/pci@80000000")!.AddChild("ethernet@d");
        Package = NetworkPackage.Attach(Bench.Firmware, Node, Card);
        Server.Files.Add("boot/grub.elf", Content(5000));
    }

    public Bench Bench { get; } = new();

    public FakeCard Card { get; }

    public FakeServer Server { get; }

    public DeviceNode Node { get; }

    public NetworkPackage Package { get; }

    public string Output => Bench.Platform.Output.ToString();

    public DeviceNode Chosen => Bench.Tree.Find("/chosen")!;

    public static byte[] Content(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 7) ^ (i >> 8) ^ (i >> 16));
        }

        return bytes;
    }

    public Instance Open(string? arguments)
    {
        Instance? instance = Bench.Firmware.Open(Bench.Tree.Resolve(Node.Path + (arguments == null ? "" : ":" + arguments)), Bench.Firmware.Physical);
        Assert.NotNull(instance);
        return instance;
    }

    public BootProgram? Find(string? arguments = null, string? file = null) => Package.FindProgram(Bench.Firmware, Open(arguments), file);

    public long Load(BootProgram program, long room = 1 << 20) => program.Load(Bench.Firmware.Physical, LoadAddress, room);

    /// <summary>Boots a file and compares what came.</summary>
    public BootProgram AssertBoots(string? arguments = null, string? file = null, string name = "boot/grub.elf")
    {
        BootProgram? program = Find(arguments, file);
        Assert.True(program != null, Output);
        byte[] content = Server.Files[name];
        Assert.Equal(content.Length, Load(program));
        Assert.True(Bench.Bytes(LoadAddress, content.Length).AsSpan().SequenceEqual(content));
        return program;
    }

    public string? Text(string property) => Chosen[property] is { } found ? Encoding.Latin1.GetString(found.Value.Span) : null;

    public void Dispose() => Bench.Dispose();
}

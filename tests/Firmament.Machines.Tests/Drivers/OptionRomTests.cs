using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Packages;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>FCode in the expansion ROM of a card, on both machines.</summary>
public sealed class OptionRomTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"firmament-rom-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("pegasos2", "virtio-rng-pci", PciSetup.Firmware)]
    [InlineData("pegasos2", "virtio-rng-pci", PciSetup.Guest)]
    [InlineData("pegasos2", "VGA", PciSetup.Firmware)]
    [InlineData("pseries", "virtio-rng-pci", PciSetup.Firmware)]
    [InlineData("pseries", "bochs-display", PciSetup.Firmware)]
    public void Properties_and_methods_of_the_rom_are_in_the_card_s_node(string machine, string driver, PciSetup setup)
    {
        using DriverBench bench = Boot(machine, driver, Rom().Build(), setup);
        DeviceNode node = Card(bench);

        Assert.Equal("from the ROM", node.GetString("origin"));
        Assert.Contains("bytes of FCode", bench.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("problem", bench.Trace, StringComparison.Ordinal);
        Assert.Equal(42u, Call(bench.Devices.Firmware, node, 41));
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void The_rom_does_not_answer_after_the_probe_and_memory_is_given_back(string machine)
    {
        byte[] rom = Rom().Build();
        using DriverBench bench = Boot(machine, "virtio-rng-pci", rom);
        using DriverBench plain = Boot(machine, "virtio-rng-pci", new FCodeRom().Build(type: 0));

        // What is left of the difference is the memory that Forth claims when it is first used.
        Assert.Contains("no FCode", plain.Trace, StringComparison.Ordinal);
        Assert.Equal(0, bench.Devices.Firmware.Instances.Count - plain.Devices.Firmware.Instances.Count);
        Assert.Contains("rom: 0x", bench.Machine.InfoText("pci"), StringComparison.Ordinal);
        DeviceNode node = Card(bench);
        Assert.True(node.TryGetCell("reg", (node["reg"]!.Value.Length / 4) - 5, out uint last));
        Assert.Equal(0x30u, last & 0xff);
    }

    [Fact]
    public void A_program_that_goes_wrong_is_traced_and_the_boot_goes_on()
    {
        using DriverBench broken = Boot("pegasos2", "virtio-rng-pci", Rom().Raw(0x0f, 0xfe).Build());

        Assert.Contains("problem", broken.Trace, StringComparison.Ordinal);
        Assert.Equal("from the ROM", Card(broken).GetString("origin"));
        Assert.Equal(8u, Call(broken.Devices.Firmware, Card(broken), 7));
    }

    [Fact]
    public void A_program_without_end_is_stopped()
    {
        // b(<mark) -1 … bbranch back: 0xb1, then 0x13 with the offset to itself.
        using DriverBench endless = Boot("pseries", "virtio-rng-pci", Rom().Raw(0xb1, 0x13, 0xff).Build());

        Assert.Contains("problem", endless.Trace, StringComparison.Ordinal);
        Assert.Equal("from the ROM", Card(endless).GetString("origin"));
    }

    [Fact]
    public void An_empty_romfile_is_none()
    {
        using DriverBench bench = new(DriverBench.Configuration("pegasos2") with { Devices = [DriverBench.Device("virtio-rng-pci", ("romfile", ""))] });

        Assert.DoesNotContain("rom: ", bench.Machine.InfoText("pci"), StringComparison.Ordinal);
    }

    private static FCodeRom Rom() => new FCodeRom()
        .Property("origin", "from the ROM")
        .Method("open", FCodeRom.MinusOne)
        .Method("close")
        .Method("answer", FCodeRom.One, FCodeRom.Plus);

    private static DeviceNode Card(DriverBench bench) =>
        Assert.Single(bench.Devices.Tree.Nodes(), static node => node["class-code"] != null && node.TryGetCell("vendor-id", 0, out uint vendor) && vendor is 0x1af4 or 0x1234);

    private static uint Call(OpenFirmware firmware, DeviceNode node, uint argument)
    {
        Instance instance = firmware.Open(firmware.Tree.Resolve(node.Path), firmware.Physical)!;
        Assert.NotNull(instance);
        DataStack stack = new();
        stack.Push(argument);
        Assert.Equal(CatchResult.Ok, firmware.CallMethod(instance, "answer"u8, firmware.Physical, stack));
        firmware.Close(instance, firmware.Physical);
        return stack.Pop();
    }

    private DriverBench Boot(string machine, string driver, byte[] rom, PciSetup setup = PciSetup.Firmware)
    {
        File.WriteAllBytes(_file, rom);
        return new(DriverBench.Configuration(machine) with { PciSetup = setup, Devices = [DriverBench.Device(driver, ("romfile", _file))] });
    }
}

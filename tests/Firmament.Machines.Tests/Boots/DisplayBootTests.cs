using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Linux with a display card. The guests' kernels have no driver for one, so a program sets a mode by the card's registers.</summary>
public sealed class DisplayBootTests
{
    // The card's registers are little-endian and devmem's halfwords big-endian. There is no plus sign: it stands for a blank.
    private const string SetMode = "D=$(grep -l 0x1111 /sys/bus/pci/devices/*/device);D=${D%/device};cat $D/class;find /proc/device-tree/ -name linux,opened;"
        + "echo 1 >$D/enable;set -- $(sed -n 1p $D/resource);F=$1;set -- $(sed -n 3p $D/resource);R=$1;w(){ devmem $((R- -$1)) 16 $2;};"
        + "w 0x508 0;w 0x502 0x4001;w 0x504 0xc800;w 0x506 0x2000;w 0x508 0x4100;devmem $F 32 0x112233;devmem $((F- -4)) 32 0xffeedd";

    [Theory]
    [InlineData("pegasos2", "VGA", "0x030000")]
    [InlineData("pseries", "VGA", "0x030000")]
    [InlineData("pseries", "bochs-display", "0x038000")]
    public void Linux_finds_the_card_and_a_program_draws_on_it(string kind, string card, string classCode)
    {
        MachineConfiguration configuration = kind == "pseries" ? PseriesBoot.Linux(SetMode) : Boot.Kernel(Boot.Builtin, Boot.Run(SetMode));
        using VirtualMachine machine = VirtualMachine.Create(configuration with { Devices = [PseriesBoot.Device(card)] });

        string console = machine.ToPowerOff();

        Assert.Contains(classCode, console, StringComparison.Ordinal);

        // Linux opens displays through the client interface before it leaves the firmware (prom_check_displays).
        Assert.Matches("device-tree/.*@[0-9a-f]+/linux,opened", console);
        byte[] picture = machine.Machine.ScreenDump()!;
        Assert.Equal("P6\n320 200\n255\n"u8.ToArray(), picture[..15]);
        Assert.Equal(card == "VGA" ? [0x11, 0x22, 0x33, 0xff, 0xee, 0xdd] : [0x22, 0x11, 0x00, 0xee, 0xff, 0x00], picture[15..21]);
    }

    [Fact]
    public void Linux_leaves_the_firmware_s_picture_on_the_screen()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin) with { Devices = [PseriesBoot.Device("VGA")] });

        machine.UntilReady();

        byte[] picture = machine.Machine.ScreenDump()!;
        Assert.Equal("P6\n800 600\n255\n"u8.ToArray(), picture[..15]);
        Assert.Equal([0xff, 0xff, 0xff], picture[^3..]);
    }
}

using Firmament.Cli.Options;
using Firmament.Cli.Tests.Scripted;
using Firmament.Core;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("256", 256UL << 20)]
    [InlineData("512M", 512UL << 20)]
    [InlineData("1G", 1UL << 30)]
    [InlineData("1.5g", 3UL << 29)]
    [InlineData("8192m", 8192UL << 20)]
    [InlineData("65536K", 64UL << 20)]
    [InlineData("64MiB", 64UL << 20)]
    [InlineData("16777216B", 16UL << 20)]
    public void Memory_sizes_parse(string text, ulong bytes) => Assert.Equal(bytes, MemorySize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("0x10")]
    [InlineData("512X")]
    [InlineData("99999999999999999999999999T")]
    public void Bad_memory_sizes_are_user_errors(string text) => Assert.Throws<UserErrorException>(() => MemorySize.Parse(text));

    [Theory]
    [InlineData("1M", "too little")]
    [InlineData("100000K", "not a whole number of MiB")]
    [InlineData("3G", "at most 2 GiB")]
    public void Memory_the_board_cannot_have_is_refused(string size, string expected)
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(1, session.Run("--memory", size));
        Assert.Contains(expected, session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_lists_know_double_commas_short_flags_and_json()
    {
        OptionList list = OptionList.Parse("drive", "a,,b.img,readonly,nowait,index=2", "file");
        Assert.Equal("a,b.img", list.Take("file"));
        Assert.True(list.TakeFlag("readonly", false));
        Assert.False(list.TakeFlag("wait", true));
        Assert.Equal(2, list.TakeNumber("index"));
        list.RefuseRest();
        OptionList json = OptionList.Parse("device", """{"driver":"virtio-rng-pci","id":"r","x":3,"y":true}""", "driver");
        Assert.Equal(("virtio-rng-pci", "3", "on"), (json.Take("driver"), json.Take("x"), json.Take("y")));
        Assert.Throws<UserErrorException>(() => OptionList.Parse("device", "{", "driver"));
    }

    [Fact]
    public void Defaults_are_repeatable()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run());
        MachineConfiguration c = session.Machines.Configuration!;
        Assert.Equal(("pegasos2", 512UL << 20, TimeMode.Virtual, 1), (c.Machine, c.MemoryBytes, c.TimeMode, c.InstructionsPerNanosecond));
        Assert.Equal(MachineConfiguration.DefaultRtcBase, c.RtcBase);
        Assert.True(c.UseRtas);
        Assert.Equal("serial0", Assert.Single(c.Serial).Backend);
    }

    [Fact]
    public void Own_options_reach_the_configuration()
    {
        using Session session = new(End(StopReason.PowerOff));
        string disk = session.File(new byte[512]);
        Assert.Equal(0, session.Run("--machine", "pegasos2", "--cpu", "7400", "--memory=256M", "--append=console=ttyS0 root=/dev/vda", "--initrd", disk,
            "--hypercall", "osi", "--no-rtas", "--pci-setup", "guest", "--nvram", "/tmp/nvram", "--rtc-base", "2026-02-03T04:05:06", "--time", "host",
            "--no-reboot", "--trace", "firmware,devices", "--seed", "7", "--drive", $"file={disk},if=virtio,id=d0,readonly=on,format=raw",
            "--device", "virtio-rng-pci"));
        MachineConfiguration c = session.Machines.Configuration!;
        Assert.Equal(("7400", 256UL << 20, "console=ttyS0 root=/dev/vda", disk), (c.Cpu, c.MemoryBytes, c.CommandLine, c.Initrd!.Name));
        Assert.Equal((HypercallConvention.Osi, false, PciSetup.Guest, "/tmp/nvram"), (c.Hypercall, c.UseRtas, c.PciSetup, c.NvramFile));
        Assert.Equal((new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), TimeMode.Host, true, 7UL), (c.RtcBase, c.TimeMode, c.NoReboot, c.Seed));
        Assert.Equal(TraceCategory.Firmware | TraceCategory.Devices, c.Trace);
        Assert.Equal(new DriveConfiguration { File = disk, Interface = DriveInterface.Virtio, Id = "d0", ReadOnly = true, Format = "raw" }, Assert.Single(c.Drives));
        Assert.Equal("virtio-rng-pci", Assert.Single(c.Devices).Driver);
    }

    [Fact]
    public void Rtc_base_now_and_host_time_take_the_hosts_time()
    {
        using Session session = new(End(StopReason.PowerOff));
        DateTimeOffset now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);
        Assert.Equal(0, session.Run("--rtc-base", "now"));
        Assert.Equal(now, session.Machines.Configuration!.RtcBase);
        Assert.Equal(0, session.Run("--time", "host"));
        Assert.Equal(now, session.Machines.Configuration!.RtcBase);
        Assert.Equal(0, session.Run("-rtc", "base=utc,clock=vm"));
        Assert.Equal(now, session.Machines.Configuration!.RtcBase);
    }

    [Theory]
    [InlineData("hda", 0, DriveMedia.Disk)]
    [InlineData("hdb", 1, DriveMedia.Disk)]
    [InlineData("hdc", 2, DriveMedia.Disk)]
    [InlineData("hdd", 3, DriveMedia.Disk)]
    [InlineData("cdrom", 2, DriveMedia.Cdrom)]
    public void Ide_shorthands_take_their_places(string option, int index, DriveMedia media)
    {
        using Session session = new(End(StopReason.PowerOff));
        string disk = session.File(new byte[512]);
        Assert.Equal(0, session.Run("-" + option, disk, "-snapshot"));
        Assert.Equal(new DriveConfiguration { File = disk, Index = index, Media = media, Snapshot = true }, Assert.Single(session.Machines.Configuration!.Drives));
    }

    [Fact]
    public void Ide_devices_move_their_drives_to_the_controller()
    {
        using Session session = new(End(StopReason.PowerOff));
        string disk = session.File(new byte[512]);
        Assert.Equal(0, session.Run("-drive", $"file={disk},if=none,id=d", "-device", "ide-hd,drive=d,bus=ide.1,unit=1"));
        DriveConfiguration drive = Assert.Single(session.Machines.Configuration!.Drives);
        Assert.Equal((DriveInterface.Ide, 3), (drive.Interface, drive.Index));
        Assert.Empty(session.Machines.Configuration!.Devices);
        Assert.Equal(1, session.Run("-device", "ide-hd,drive=missing"));
    }

    [Fact]
    public void Networks_pair_with_cards()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("-net", "nic,model=virtio,macaddr=52:54:00:AA:bb:01", "-net", "stream,listen=127.0.0.1:5555"));
        NetworkConfiguration net = Assert.Single(session.Machines.Configuration!.Networks);
        Assert.Equal((NetworkBackendKind.Stream, "virtio-net-pci", "52:54:00:aa:bb:01"), (net.Kind, net.Model, net.MacAddress));
        Assert.Equal("127.0.0.1:5555", net.Parameters["listen"]);
        Assert.Equal(0, session.Run("-netdev", "stream,id=n,server=off,addr.type=unix,addr.path=/tmp/s", "-device", "virtio-net-pci,netdev=n"));
        Assert.Equal("unix:/tmp/s", Assert.Single(session.Machines.Configuration!.Networks).Parameters["connect"]);
        Assert.Null(session.Machines.Configuration!.Networks[0].Model);
        Assert.Equal(0, session.Run("-nic", "none", "-net", "none"));
        Assert.Empty(session.Machines.Configuration!.Networks);
    }

    [Fact]
    public void Prom_env_sets_firmware_variables()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("-prom-env", "boot-device=cd:,netbsd-GENERIC", "-prom-env", "a=b=c"));
        Assert.Equal("cd:,netbsd-GENERIC", session.Machines.Configuration!.FirmwareVariables["boot-device"]);
        Assert.Equal("b=c", session.Machines.Configuration!.FirmwareVariables["a"]);
    }

    [Theory]
    [InlineData("There is no option '--kernal' (did you mean '--kernel'?)", "--kernal", "x")]
    [InlineData("There is no machine 'pegasos' (did you mean 'pegasos2'?)", "--machine", "pegasos")]
    [InlineData("Machine 'mac99' is not built yet", "-M", "mac99")]
    [InlineData("Property 'pegasos2-machine.foo' not found", "-M", "pegasos2,foo=on")]
    [InlineData("--until watches the consoles, and this machine has none", "--serial", "none", "--until", "x")]
    [InlineData("There is no CPU '7447b' (did you mean '7447a'?)", "--cpu", "7447b")]
    [InlineData("CPU 'POWER9' does not fit machine 'pegasos2'", "--cpu", "POWER9")]
    [InlineData("There is no device 'virtio-rgn-pci' (did you mean 'virtio-rng-pci'?)", "--device", "virtio-rgn-pci")]
    [InlineData("Device 'rtl8139' is not built yet", "--device", "rtl8139")]
    [InlineData("Property 'virtio-blk-pci.driv' not found (did you mean 'drive'?)", "--device", "virtio-blk-pci,driv=d")]
    [InlineData("asks for drive 'd', which does not exist", "--device", "virtio-blk-pci,drive=d")]
    [InlineData("-drive has no parameter 'flie' (did you mean 'file'?)", "--drive", "flie=x,file=y")]
    [InlineData("Disk format 'qcow2' cannot be read yet", "--drive", "file=x,format=qcow2")]
    [InlineData("There is no IDE position 4", "--drive", "file=x,index=4")]
    [InlineData("guestfwd= of a user network is not built", "--net", "user,guestfwd=tcp:10.0.2.100:1-cmd:x")]
    [InlineData("There is no trace 'firmwear' (did you mean 'firmware'?)", "--trace", "firmwear")]
    [InlineData("'soon' is not a number of seconds", "--timeout", "soon")]
    [InlineData("--until is empty", "--until", "")]
    [InlineData("--hypercall sc2 is unknown (did you mean 'sc1'?); give sc1 or osi or epapr", "--hypercall", "sc2")]
    [InlineData("There is no character backend 'sdtio' (did you mean 'stdio'?)", "--serial", "sdtio")]
    [InlineData("There is no chardev 'con'", "--serial", "chardev:con")]
    [InlineData("'vmlinux' is not an option", "vmlinux")]
    [InlineData("Option '--append' needs a value", "--append")]
    [InlineData("Option '--no-rtas' takes no value", "--no-rtas=yes")]
    [InlineData("QMP) is not built yet", "-qmp", "tcp:localhost:1,server,nowait")]
    [InlineData("gdb server is not built yet", "-gdb", "tcp::1234")]
    [InlineData("gdb server is not built yet", "-s")]
    [InlineData("does not run a ROM", "-bios", "pegasos2.rom")]
    [InlineData("has one CPU", "-smp", "2")]
    [InlineData("has one CPU", "-smp", "cores=2,threads=1")]
    [InlineData("Accelerator 'kvm' is not available", "-accel", "kvm")]
    [InlineData("give -vga std or -vga none", "-vga", "cirrus")]
    [InlineData("-nographic put the monitor there", "-nographic", "-serial", "stdio")]
    [InlineData("Two character backends want stdio", "--serial", "stdio", "--serial", "stdio")]
    [InlineData("--rtc-base 2026-01-31T12:00:00", "--rtc-base", "yesterday")]
    public void User_errors_are_one_sentence_with_exit_code_1(string expected, params string[] options)
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(1, session.Run(options));
        Assert.Contains(expected, session.Streams.Error, StringComparison.Ordinal);
        Assert.StartsWith("firmament: ", session.Streams.Error, StringComparison.Ordinal);
        Assert.EndsWith(".\n", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Streams.Error.Count(static c => c == '\n'));
        Assert.Null(session.Machines.Machine);
    }

    [Theory]
    [InlineData("-M", "Supported machines are:\npegasos2")]
    [InlineData("-cpu", "7447a")]
    [InlineData("-accel", "Accelerators supported in QEMU binary:\ntcg\n")]
    [InlineData("-device", "virtio-net-pci")]
    public void Help_as_a_value_lists_what_there_is(string option, string expected)
    {
        using Session session = new();
        Assert.Equal(0, session.Call(option, "help"));
        Assert.Contains(expected, session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Accelerators_are_tried_in_order()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("-accel", "kvm", "-accel", "hvf", "-accel", "tcg,thread=multi"));
        Assert.Equal(0, session.Run("-machine", "pegasos2", "-machine", "accel=kvm:tcg"));
        Assert.Equal(1, session.Run("-accel", "warp"));
    }
}

using Firmament.Cli.Tests.Scripted;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

/// <summary>The exact lines of command-line.md section 1. KERNEL and DISK stand for existing files.</summary>
public sealed class QemuLineTests
{
    [Theory]
    [InlineData("-nodefaults -m 1024 -kernel KERNEL -append 'kunit.enable=1 console=ttyS0 kunit_shutdown=reboot' -no-reboot -nographic -serial stdio -M pegasos2 -cpu max")]
    [InlineData("-M pegasos2 -kernel KERNEL -append '' -nographic")]
    [InlineData("-M pegasos2 -kernel KERNEL -initrd DISK -append 'serial debuglevel=3'")]
    [InlineData("-machine pegasos2 -serial stdio -kernel KERNEL -append '---' -cdrom DISK")]
    [InlineData("-serial stdio -display none -m 256 -M pegasos2 -kernel KERNEL")]
    [InlineData("-M pegasos2 -kernel KERNEL -serial stdio -display curses")]
    [InlineData("-M pegasos2 -kernel KERNEL -nographic -vga none -monitor null -no-reboot --append 'panic=-1 console=tty console=hvc0'")]
    [InlineData("-display none -nodefaults -machine pegasos2 -vga none -append x -kernel KERNEL -initrd DISK -m 1G -smp 1 -serial mon:stdio")]
    [InlineData("-machine pegasos2 -nographic -net nic,model=virtio,macaddr=52:54:00:12:34:58 -m 512 -monitor none -kernel KERNEL -append 'x y'")]
    [InlineData("-nodefaults -nographic -smp 1 -machine pegasos2 -device virtio-rng-pci,rng=rng -object rng-random,id=rng -m 256M -serial stdio -serial file:LOG -no-reboot -monitor none -kernel KERNEL")]
    [InlineData("-display none -no-reboot -kernel KERNEL -serial stdio -M pegasos2 -append 'panic=-1'")]
    [InlineData("-M pegasos2 -parallel none -net none -echr 1 -chardev file,path=LOG,id=dmesg -device virtio-serial-pci -device virtconsole,chardev=dmesg -chardev stdio,id=console,signal=off,mux=on -serial chardev:console -mon chardev=console -vga none -display none -no-reboot -kernel KERNEL -append x")]
    [InlineData("-machine pegasos2 -smp 1 -m 512M -object rng-random,filename=/dev/urandom,id=rng0 -device virtio-rng-pci,rng=rng0,id=rng-device0 -nographic -nodefaults -chardev stdio,mux=on,id=console,signal=off -device virtio-serial-pci -device virtconsole,chardev=console -mon console -accel tcg -cpu max -kernel KERNEL")]
    [InlineData("-M pegasos2 -no-reboot -nographic -monitor file:/dev/null -serial file:/dev/stdout -hda DISK -boot c -kernel KERNEL")]
    [InlineData("-M pegasos2 -no-reboot -nographic -hda DISK -boot c")]
    [InlineData("-M pegasos2 -m 256M -nographic -prom-env qemu_boot_hack=y -prom-env boot-device=cd:,netbsd-GENERIC -drive file=DISK,format=raw,media=cdrom,readonly=on,index=2 -kernel KERNEL")]
    [InlineData("-machine pegasos2 -smp 1 -m 512m -nographic -no-reboot -vga none -accel tcg,thread=multi -drive if=none,file=DISK,format=raw,id=hd0 -drive if=none,file=DISK,format=raw,id=hd1 -device virtio-blk,drive=hd1 -device virtio-blk,drive=hd0 -kernel KERNEL")]
    [InlineData("--machine pegasos2 --kernel KERNEL --nographic --name guest --icount shift=0 --usb --no-user-config")]
    public void Lines_with_our_machine_run(string line)
    {
        using Session session = new(Print("up"), End(StopReason.PowerOff)) { InvokedAs = "qemu-system-ppc" };
        Assert.Equal((0, ""), (session.Call(Words(session, line)), session.Streams.Error));
        Assert.Equal("pegasos2", session.Machines.Configuration!.Machine);
    }

    [Theory]
    [InlineData("-nodefaults -m 1024 -kernel KERNEL -append 'kunit.enable=1 console=ttyS0 kunit_shutdown=reboot' -no-reboot -nographic -serial stdio -M pseries -cpu power8")]
    [InlineData("-M pseries -cpu POWER7 -m 256 -kernel KERNEL -append 'console=hvc0 rootwait root=/dev/sda' -drive file=DISK,if=scsi,index=0,format=raw -serial stdio -display curses")]
    [InlineData("-M pseries,x-vof=on -cpu POWER8 -m 256 -kernel KERNEL -nographic")]
    [InlineData("-nographic -vga none -M pseries,cap-htm=off,x-vof=on -smp 2 -m 4G -accel tcg -kernel KERNEL -nic user,model=virtio-net-pci -initrd DISK -drive file=DISK,format=raw,readonly=on,if=virtio,id=drive0 -append 'noreboot' -object memory-backend-ram,size=1G,id=m0 -numa node,nodeid=0,memdev=m0 -object memory-backend-ram,size=1G,id=m1 -numa node,nodeid=1,memdev=m1 -object memory-backend-ram,size=1G,id=m2 -numa node,nodeid=2,memdev=m2 -object memory-backend-ram,size=1G,id=m3 -numa node,nodeid=3,memdev=m3 -object rng-random,filename=/dev/urandom,id=rng0 -device spapr-rng,rng=rng0 -fsdev local,id=fsdev0,path=/,security_model=none -device virtio-9p-pci,fsdev=fsdev0,mount_tag=host0")]
    [InlineData("-M pseries -no-reboot -nographic -monitor file:/dev/null -serial file:/dev/stdout -boot n -net user,tftp=/tmp,bootfile=/boot/grub/powerpc-ieee1275/core.elf -net nic")]
    [InlineData("-M pseries -no-reboot -nographic -monitor file:/dev/null -serial file:/dev/stdout -hda DISK -boot order=c,menu=on,strict=on")]
    [InlineData("-M pseries -cpu POWER9 -m 1G -kernel KERNEL -initrd DISK -nographic -vga none -monitor null -no-reboot --append 'console=tty console=hvc0'")]
    [InlineData("-M pseries -cpu POWER8 -m 1G -kernel KERNEL -drive file=DISK,format=raw,if=scsi -nographic -vga none -monitor null -no-reboot --append 'console=tty console=hvc0' -snapshot")]
    [InlineData("-display none -nodefaults -cpu power8 -machine pseries -vga none -append x -kernel KERNEL -initrd DISK -m 1G -smp 2 -serial mon:stdio")]
    [InlineData("-machine pseries -nographic -net nic,model=virtio,macaddr=52:54:00:12:34:58 -net user -m 512 -monitor none -kernel KERNEL -append x")]
    [InlineData("-cpu POWER8 -machine pseries -nographic -net nic,model=virtio,macaddr=52:54:00:12:34:58 -net user -m 4G -monitor none -no-reboot -smp 2 -kernel KERNEL -append 'console=hvc0,115200 rootwait root=/dev/sda debug earlycon' -drive file=DISK,format=raw,if=scsi,index=0")]
    [InlineData("-nodefaults -nographic -smp 4 -machine pseries -device spapr-rng,rng=rng -object rng-random,id=rng -m 256M -serial stdio -serial file:LOG -no-reboot -monitor none -kernel KERNEL")]
    [InlineData("-enable-kvm -M pseries -nodefaults -device spapr-vscsi -serial file:LOG -smp cores=4,threads=2 -net none -kernel KERNEL")]
    [InlineData("-M pseries -parallel none -net none -echr 1 -chardev file,path=LOG,id=dmesg -device virtio-serial-pci -device virtconsole,chardev=dmesg -chardev stdio,id=console,signal=off,mux=on -serial chardev:console -mon chardev=console -vga none -display none -smp 2 -m 1G -machine accel=kvm:tcg -no-reboot -kernel KERNEL -append x -initrd DISK")]
    [InlineData("-machine pseries,cap-cfpc=broken -smp 2 -m 1G -object rng-random,filename=/dev/urandom,id=rng0 -device virtio-rng-pci,rng=rng0 -nographic -nodefaults -chardev stdio,mux=on,id=console,signal=off -device virtio-serial-pci -device virtconsole,chardev=console -mon console -accel tcg -cpu max -kernel KERNEL")]
    [InlineData("-machine pseries,cap-hpt-max-page-size=16M -smp 1 -m 8192m -nographic -no-reboot -vga none -accel tcg,thread=multi -drive if=none,file=DISK,format=raw,id=hd0 -drive if=none,file=DISK,format=raw,id=hd1 -device virtio-blk,drive=hd1 -device virtio-blk,drive=hd0 -kernel KERNEL")]
    [InlineData("-machine pseries -smp 2 -m 1G -nographic -nodefaults -chardev stdio,mux=on,id=console,signal=off -device virtio-serial-pci -device virtconsole,chardev=console -mon console -accel tcg -cpu max -blockdev driver=raw,node-name=mkosi,discard=unmap,file.driver=file,file.filename=DISK,file.aio=threads,cache.direct=on -device virtio-blk-pci,drive=mkosi,bootindex=1 -kernel KERNEL")]
    [InlineData("-kernel KERNEL -name guest=VM-0,debug-threads=on -uuid 550e8400-e29b-41d4-a716-446655440000")]
    public void Lines_with_pseries_run(string line)
    {
        using Session session = new(Print("up"), End(StopReason.PowerOff)) { InvokedAs = "qemu-system-ppc64le" };
        Assert.Equal((0, ""), (session.Call(Words(session, line)), session.Streams.Error));
        Assert.Equal("pseries", session.Machines.Configuration!.Machine);
    }

    [Fact]
    public void Under_qemus_name_pseries_has_its_card_and_cd_unless_told_otherwise()
    {
        using Session session = new(End(StopReason.PowerOff)) { InvokedAs = "qemu-system-ppc64" };
        Assert.Equal(0, session.Call("-kernel", session.Kernel, "-nographic", "-hda", session.Kernel));
        MachineConfiguration c = session.Machines.Configuration!;
        Assert.Equal(("spapr-vlan", NetworkBackendKind.User), (c.Networks[0].Model, c.Networks[0].Kind));
        Assert.Equal([(DriveInterface.Scsi, 0, DriveMedia.Disk), (DriveInterface.Scsi, 2, DriveMedia.Cdrom)], c.Drives.Select(static d => (d.Interface, d.Index ?? -1, d.Media)));
        Assert.Equal(0, session.Call("-kernel", session.Kernel, "-nographic", "-nodefaults"));
        c = session.Machines.Configuration!;
        Assert.Empty(c.Networks);
        Assert.Empty(c.Drives);
        Assert.Empty(c.Serial);
        Assert.Equal(0, session.Call("-kernel", session.Kernel, "-nographic", "-net", "none", "-cdrom", session.Kernel));
        c = session.Machines.Configuration!;
        Assert.Empty(c.Networks);
        Assert.Equal(session.Kernel, Assert.Single(c.Drives).File);
        using Session own = new(End(StopReason.PowerOff));
        Assert.Equal(0, own.Run("-M", "pseries"));
        Assert.Empty(own.Machines.Configuration!.Networks);
        Assert.Empty(own.Machines.Configuration!.Drives);
    }

    [Theory]
    [InlineData("-blockdev driver=raw,node-name=hd,read-only=on,file.driver=file,file.filename=DISK")]
    [InlineData("-blockdev driver=file,node-name=f,filename=DISK -blockdev raw,node-name=hd,file=f,read-only=on")]
    [InlineData("-blockdev {'driver':'raw','node-name':'hd','read-only':true,'file':{'driver':'file','filename':'DISK'}}")]
    public void A_block_node_is_a_drive_for_the_device_that_names_it(string option)
    {
        using Session session = new(End(StopReason.PowerOff));
        List<string> words = ["-M", "pseries", "-kernel", session.Kernel, .. option.Split(' ').Select(word => word.Replace("DISK", session.Kernel, StringComparison.Ordinal).Replace('\'', '"'))];
        Assert.Equal((0, ""), (session.Call([.. words, "-device", "virtio-blk-pci,drive=hd"]), session.Streams.Error));
        DriveConfiguration drive = Assert.Single(session.Machines.Configuration!.Drives);
        Assert.Equal((session.Kernel, "hd", true, DriveInterface.None), (drive.File, drive.Id, drive.ReadOnly, drive.Interface));
    }

    [Fact]
    public void Numa_nodes_share_out_memory_and_cpus()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("-M", "pseries", "-m", "1G", "-smp", "2", "-object", "memory-backend-ram,id=a,size=512M", "-numa", "node,nodeid=0,memdev=a,cpus=0",
            "-numa", "node,nodeid=1,mem=512M", "-numa", "cpu,node-id=1,core-id=1"));
        IReadOnlyList<NumaConfiguration> nodes = session.Machines.Configuration!.NumaNodes;
        Assert.Equal([512UL << 20, 512UL << 20], nodes.Select(static node => node.MemoryBytes));
        Assert.Equal([[0], [1]], nodes.Select(static node => node.Cpus));
    }

    [Fact]
    public void A_power7_is_a_power8_in_its_mode()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("-M", "pseries", "-cpu", "POWER7"));
        MachineConfiguration c = session.Machines.Configuration!;
        Assert.Equal(("power8", "power7"), (c.Cpu, c.MachineProperties["max-cpu-compat"]));
    }

    [Theory]
    [InlineData("Machine 'g3beige' is not built yet", "-nodefaults -m 1024 -kernel KERNEL -append x -no-reboot -nographic -serial stdio -M g3beige -cpu max")]
    [InlineData("The gdb server is not built yet", "-nographic -vga none -M pseries,cap-htm=off,x-vof=on -smp 2 -m 1G -accel tcg -kernel KERNEL -nic user,model=virtio-net-pci -initrd DISK -drive file=DISK,format=raw,readonly=on,if=virtio,id=drive0 -append 'noreboot' -object memory-backend-ram,size=1G,id=m0 -numa node,nodeid=0,memdev=m0 -object rng-random,filename=/dev/urandom,id=rng0 -device spapr-rng,rng=rng0 -S -s -fsdev local,id=fsdev0,path=/,security_model=none -device virtio-9p-pci,fsdev=fsdev0,mount_tag=host0")]
    [InlineData("Device 'usb-storage' is not built yet", "-M pseries -cpu POWER9 -m 1G -kernel KERNEL -drive file=DISK,format=raw,if=scsi -usb -device usb-storage,drive=d0 -nographic -vga none -monitor null -no-reboot --append 'console=tty console=hvc0' -snapshot")]
    [InlineData("Machine 'bamboo' is not built yet", "-no-reboot -machine bamboo -m 128m -kernel KERNEL -display none -serial mon:stdio")]
    [InlineData("at most 8 CPUs, not 32", "-enable-kvm -M pseries -nodefaults -device spapr-vscsi -serial file:LOG -smp cores=4,threads=8 -net none")]
    [InlineData("is not built yet", "-m 2048 -smp 2 -chardev socket,id=SOCKSYZ,server=on,wait=off,host=localhost,port=51727 -mon chardev=SOCKSYZ,mode=control -display none -serial stdio -no-reboot -name VM-0 -device virtio-rng-pci -enable-kvm -vga none -device virtio-net-pci,netdev=net0 -netdev user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:2222-:22 -hda DISK -snapshot -kernel KERNEL -append x")]
    [InlineData("Machine 'mac99' is not built yet", "-M mac99,via=pmu -serial null -serial file:/dev/stdout -drive if=ide,media=cdrom,file=DISK -boot d")]
    [InlineData("There is no file 'boot_rom.bin'", "-nodefaults -accel tcg -machine pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off -bios boot_rom.bin -display none -serial stdio -kernel KERNEL")]
    [InlineData("QMP) is not built yet", "-display none -vga none -chardev socket,id=mon,path=/tmp/m -mon chardev=mon,mode=control -machine pseries -chardev socket,id=console,path=/tmp/c,server=on,wait=off -serial chardev:console -machine x-vof=on")]
    [InlineData("does not run a ROM", "-M pegasos2 -bios pegasos2.rom -cdrom DISK -device VGA,romfile='' -serial stdio")]
    [InlineData("does not run a ROM", "-M pegasos2 -bios pegasos2.rom -cdrom DISK -serial stdio")]
    [InlineData("Device 'sm501' is not built yet", "-M pegasos2 -kernel KERNEL -device sm501")]
    [InlineData("Device 'rtl8139' is not built yet", "-M pegasos2 -kernel KERNEL -device rtl8139")]
    [InlineData("give security_model=mapped-xattr or none", "-M pegasos2 -kernel KERNEL -fsdev local,id=fsdev0,path=/,security_model=mapped-file")]
    [InlineData("did you mean", "-M pegasos2 -kernel KERNEL -fsdev local,id=fsdev0,path=/,security_model=mapped-xatr")]
    [InlineData("-boot has no device 'x'", "-M pegasos2 -nographic -hda DISK -boot x")]
    [InlineData("asks for a floppy disk", "-M pegasos2 -nographic -hda DISK -boot order=ac")]
    [InlineData("-append only allowed with -kernel option", "-M pegasos2 -append x")]
    [InlineData("Machine 'pseries' has no IDE controller", "-M pseries -kernel KERNEL -drive file=DISK,if=ide")]
    [InlineData("Machine 'pseries' has no IDE controller", "-M pseries -kernel KERNEL -device ide-cd")]
    [InlineData("Property 'pseries-machine.foo' not found", "-M pseries,foo=on -kernel KERNEL")]
    [InlineData("does not fit machine 'pseries'", "-M pseries -cpu G4 -kernel KERNEL")]
    [InlineData("CPU 'POWER10' is not built yet", "-M pseries -cpu POWER10 -kernel KERNEL")]
    [InlineData("Device 'nvme' is not built yet", "-M pseries -kernel KERNEL -drive file=DISK,if=none,id=d0 -device nvme,serial=foo,drive=d0")]
    [InlineData("Device 'megasas' is not built yet", "-M pseries -kernel KERNEL -device megasas")]
    [InlineData("pegasos2 has one memory node", "-M pegasos2 -kernel KERNEL -numa node,mem=512M")]
    [InlineData("The NUMA nodes have 256 MiB together and the machine 512", "-M pseries -kernel KERNEL -numa node,mem=256M")]
    [InlineData("asks for memory 'm9', which does not exist", "-M pseries -kernel KERNEL -numa node,memdev=m9")]
    [InlineData("CPU 0 is in two NUMA nodes", "-M pseries -kernel KERNEL -numa node,mem=256M,cpus=0 -numa node,mem=256M,cpus=0")]
    [InlineData("A NUMA node has CPU 1", "-M pseries -kernel KERNEL -numa node,mem=512M,cpus=0-1")]
    [InlineData("NUMA node 0 is missing", "-M pseries -kernel KERNEL -numa node,nodeid=1,mem=512M")]
    [InlineData("file.driver=ssh is not built", "-M pseries -kernel KERNEL -blockdev driver=raw,node-name=a,file.driver=ssh")]
    [InlineData("driver=qcow2 is not built", "-M pseries -kernel KERNEL -blockdev driver=qcow2,node-name=a,file=b")]
    [InlineData("add node-name=hd0", "-M pseries -kernel KERNEL -blockdev driver=file,filename=DISK")]
    [InlineData("add file.filename=FILE", "-M pseries -kernel KERNEL -blockdev driver=raw,node-name=a,file.driver=file")]
    [InlineData("asks for node 'b', which does not exist", "-M pseries -kernel KERNEL -blockdev driver=raw,node-name=a,file=b")]
    [InlineData("has no parameter 'throttle'", "-M pseries -kernel KERNEL -blockdev driver=file,node-name=a,filename=DISK,throttle=on")]
    [InlineData("is not a UUID", "-M pseries -kernel KERNEL -uuid 12")]
    public void Lines_that_need_more_are_refused_in_one_sentence(string expected, string line)
    {
        using Session session = new(End(StopReason.PowerOff)) { InvokedAs = "qemu-system-ppc" };
        Assert.Equal(1, session.Call(Words(session, line)));
        Assert.StartsWith("qemu-system-ppc: ", session.Streams.Error, StringComparison.Ordinal);
        Assert.Contains(expected, session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Streams.Error.Count(static c => c == '\n'));
    }

    [Fact]
    public void Qemu_options_without_a_command_run_under_our_own_name_too()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(0, session.Call("-M", "pegasos2", "-kernel", session.Kernel, "-nographic"));
    }

    [Fact]
    public void Version_under_qemus_name_satisfies_its_probes()
    {
        using Session session = new() { InvokedAs = "qemu-system-ppc64" };
        Assert.Equal(0, session.Call("--version"));
        Assert.Matches(@"^QEMU emulator version (([0-9]+)\.([0-9]+)[^\n]*)\n", session.Streams.Output);
        using Session own = new();
        Assert.Equal(0, own.Call("--version"));
        Assert.Matches(@"^firmament \d+\.\d+", own.Streams.Output);
    }

    [Fact]
    public void Dumpdtb_writes_the_tree_and_does_not_run()
    {
        using Session session = new(End(StopReason.PowerOff));
        string path = session.FreshPath();
        Assert.Equal(0, session.Call("-M", $"pegasos2,dumpdtb={path}"));
        Assert.Equal([0xd0, 0x0d, 0xfe, 0xed], File.ReadAllBytes(path)[..4]);
        Assert.Null(session.Machines.Machine);
    }

    private static List<string> Words(Session session, string line)
    {
        List<string> words = [];
        string log = session.FreshPath();
        foreach (string part in System.Text.RegularExpressions.Regex.Matches(line, "'[^']*'|[^ ]+").Select(static m => m.Value.Trim('\'')))
        {
            words.Add(part.Replace("KERNEL", session.Kernel, StringComparison.Ordinal).Replace("DISK", session.Kernel, StringComparison.Ordinal).Replace("LOG", log, StringComparison.Ordinal));
        }

        return words;
    }
}

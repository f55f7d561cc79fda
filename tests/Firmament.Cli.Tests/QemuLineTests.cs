using Firmament.Cli.Tests.Scripted;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

/// <summary>The exact lines of command-line.md section 1. KERNEL and DISK stand for existing files.</summary>
public sealed class QemuLineTests
{
    private const string Pseries = "Machine 'pseries' is not built yet";

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
    [InlineData(Pseries, "-nodefaults -m 1024 -kernel KERNEL -append 'kunit.enable=1 console=ttyS0 kunit_shutdown=reboot' -no-reboot -nographic -serial stdio -M pseries -cpu power8")]
    [InlineData("Machine 'g3beige' is not built yet", "-nodefaults -m 1024 -kernel KERNEL -append x -no-reboot -nographic -serial stdio -M g3beige -cpu max")]
    [InlineData(Pseries, "-M pseries -cpu POWER7 -m 256 -kernel KERNEL -append 'console=hvc0 rootwait root=/dev/sda' -drive file=DISK,if=scsi,index=0,format=raw -serial stdio -display curses")]
    [InlineData(Pseries, "-M pseries,x-vof=on -cpu POWER8 -m 256 -kernel KERNEL -nographic")]
    [InlineData(Pseries, "-nographic -vga none -M pseries,cap-htm=off,x-vof=on -smp 2 -m 4G -accel tcg -kernel KERNEL -nic user,model=virtio-net-pci -initrd DISK -drive file=DISK,format=raw,readonly=on,if=virtio,id=drive0 -append 'noreboot' -object memory-backend-ram,size=1G,id=m0 -numa node,nodeid=0,memdev=m0 -object rng-random,filename=/dev/urandom,id=rng0 -device spapr-rng,rng=rng0 -S -s -fsdev local,id=fsdev0,path=/,security_model=none -device virtio-9p-pci,fsdev=fsdev0,mount_tag=host0")]
    [InlineData(Pseries, "-M pseries -cpu POWER9 -m 1G -kernel KERNEL -drive file=DISK,format=raw,if=scsi -usb -device usb-storage,drive=d0 -nographic -vga none -monitor null -no-reboot --append 'console=tty console=hvc0' -snapshot")]
    [InlineData("Machine 'bamboo' is not built yet", "-no-reboot -machine bamboo -m 128m -kernel KERNEL -display none -serial mon:stdio")]
    [InlineData(Pseries, "-machine pseries -nographic -net nic,model=virtio,macaddr=52:54:00:12:34:58 -net user -m 512 -monitor none -kernel KERNEL -append x")]
    [InlineData(Pseries, "-cpu POWER8 -machine pseries -nographic -net nic,model=virtio,macaddr=52:54:00:12:34:58 -net user -m 4G -monitor none -no-reboot -smp 2 -kernel KERNEL -append 'console=hvc0,115200 rootwait root=/dev/sda debug earlycon' -drive file=DISK,format=raw,if=scsi,index=0")]
    [InlineData(Pseries, "-enable-kvm -M pseries -nodefaults -device spapr-vscsi -serial file:LOG -smp cores=4,threads=8 -net none")]
    [InlineData("is not built yet", "-m 2048 -smp 2 -chardev socket,id=SOCKSYZ,server=on,wait=off,host=localhost,port=51727 -mon chardev=SOCKSYZ,mode=control -display none -serial stdio -no-reboot -name VM-0 -device virtio-rng-pci -enable-kvm -vga none -device virtio-net-pci,netdev=net0 -netdev user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:2222-:22 -hda DISK -snapshot -kernel KERNEL -append x")]
    [InlineData(Pseries, "-M pseries -no-reboot -nographic -monitor file:/dev/null -serial file:/dev/stdout -boot n -net user,tftp=/tmp,bootfile=/boot/grub/powerpc-ieee1275/core.elf -net nic")]
    [InlineData("Machine 'mac99' is not built yet", "-M mac99,via=pmu -serial null -serial file:/dev/stdout -drive if=ide,media=cdrom,file=DISK -boot d")]
    [InlineData(Pseries, "-nodefaults -accel tcg -machine pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off -bios boot_rom.bin -display none -serial stdio -kernel KERNEL")]
    [InlineData(Pseries, "-display none -vga none -chardev socket,id=mon,path=/tmp/m -mon chardev=mon,mode=control -machine pseries -chardev socket,id=console,path=/tmp/c,server=on,wait=off -serial chardev:console -machine x-vof=on")]
    [InlineData("is not built yet", "-M pegasos2 -bios pegasos2.rom -cdrom DISK -device VGA,romfile='' -serial stdio")]
    [InlineData("does not run a ROM", "-M pegasos2 -bios pegasos2.rom -cdrom DISK -serial stdio")]
    [InlineData("Device 'sm501' is not built yet", "-M pegasos2 -kernel KERNEL -device sm501")]
    [InlineData("Device 'rtl8139' is not built yet", "-M pegasos2 -kernel KERNEL -device rtl8139")]
    [InlineData("owners kept in attributes", "-M pegasos2 -kernel KERNEL -fsdev local,id=fsdev0,path=/,security_model=mapped-xattr")]
    [InlineData("booting from disk or network is not built yet", "-M pegasos2 -no-reboot -nographic -hda DISK -boot c")]
    [InlineData("-append only allowed with -kernel option", "-M pegasos2 -append x")]
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

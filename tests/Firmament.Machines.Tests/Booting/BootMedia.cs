using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using Firmament.Machines.Demo;
using Firmament.Machines.Tests.Support;
using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Tests.Booting;

/// <summary>Disks made in memory, and machines that have them.</summary>
internal static class BootMedia
{
    private const int Sector = 512;
    private const int PrepStart = 64;

    private const uint CodeAt = 0x10_0000;
    private const uint DataAt = 0x11_0000;
    private const int Handler = 31;

    /// <summary>A client that enters the user interface, says so when it is back, and exits.</summary>
    public static byte[] EnteringProgram()
    {
        Assembler code = new(CodeAt);
        Assembler data = new(DataAt);
        code.Mr(Handler, 5);
        Call("enter", 0, 0);
        Call("interpret", 1, 1, ".\" back again\"");
        Call("exit", 0, 0);
        return new ElfBuilder { Entry = CodeAt }.Load(CodeAt, CodeAt, code.ToArray()).Load(DataAt, DataAt, data.ToArray()).Build();

        void Call(string service, uint arguments, uint results, string? text = null)
        {
            uint name = data.Here;
            data.Ascii(service);
            uint argument = data.Here;
            data.Ascii(text ?? "");
            data.Align(4);
            code.LoadImmediate(3, data.Here);
            data.Emit(name);
            data.Emit(arguments);
            data.Emit(results);
            data.Emit(argument);
            data.Emit(0);
            code.Mtctr(Handler);
            code.Bctrl();
        }
    }

    /// <summary>A disk whose PReP partition holds the demo program.</summary>
    public static byte[] PrepDisk() => PrepDisk(DemoProgram.Build());

    /// <summary>A disk whose PReP partition holds a program.</summary>
    public static byte[] PrepDisk(byte[] program)
    {
        int sectors = (program.Length + Sector - 1) / Sector;
        byte[] disk = new byte[(PrepStart + sectors + 64) * Sector];
        Span<byte> entry = disk.AsSpan(446, 16);
        entry[0] = 0x80;
        entry[4] = 0x41;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], PrepStart);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)sectors);
        disk[510] = 0x55;
        disk[511] = 0xaa;
        program.CopyTo(disk, PrepStart * Sector);
        return disk;
    }

    /// <summary>A machine without a kernel.</summary>
    public static VirtualMachine Machine(MachineConfiguration configuration, params ReadOnlySpan<byte[]> disks)
    {
        byte[][] images = disks.ToArray();
        return VirtualMachine.Create(
            configuration with
            {
                Drives = [.. images.Select(static (_, i) => new DriveConfiguration { File = $"{i}", Index = i, Interface = DriveInterface.Own })],
            },
            new HostServices { OpenDrive = drive => new MemoryDisk((byte[])images[int.Parse(drive.File!, System.Globalization.CultureInfo.InvariantCulture)].Clone(), isReadOnly: false) });
    }
}

using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using Firmament.Machines.Demo;

namespace Firmament.Machines.Tests.Booting;

/// <summary>Disks made in memory, and machines that have them.</summary>
internal static class BootMedia
{
    private const int Sector = 512;
    private const int PrepStart = 64;

    /// <summary>A disk whose PReP partition holds the demo program.</summary>
    public static byte[] PrepDisk()
    {
        byte[] program = DemoProgram.Build();
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

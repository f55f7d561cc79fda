using System.Runtime.CompilerServices;
using Firmament.Core.Backends;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Storage;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests;

/// <summary>What this test program does in a process that a test wants to kill.</summary>
internal static class ChildMode
{
    private const int SectorSize = 512;

    [ModuleInitializer]
    internal static void Enter()
    {
        if (Environment.GetEnvironmentVariable(ChildProcess.Variable) is { } task)
        {
            string[] words = task.Split(' ', 2);
            using IBlockBackend disk = DiskImage.Open(words[1], DiskAccess.ReadWrite);
            if (words[0] == "virtio")
            {
                RunVirtio(disk);
            }
            else
            {
                RunIde(disk);
            }

            Thread.Sleep(Timeout.Infinite);
        }
    }

    // Each step writes its number all over its sector, flushes, and prints itself when the device says that both went well.
    private static void RunVirtio(IBlockBackend disk)
    {
        const ulong Flush = 1ul << 9;
        const ulong Header = VirtioDriver.Buffers;
        const ulong Data = Header + 0x1000;
        const ulong Status = Header + 0x800;
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", disk, rig.Scheduler), DriverKind.Modern, Flush);
        for (int step = 1; step < disk.Length / SectorSize; step++)
        {
            rig.Write(Data, Enumerable.Repeat((byte)step, SectorSize).ToArray());
            bool written = Serve(1, (ulong)step, (Data, SectorSize, false));
            if (written && Serve(4, 0))
            {
                Console.WriteLine(step);
            }
        }

        bool Serve(uint type, ulong sector, params (ulong, uint, bool)[] data)
        {
            rig.Write(Header, [.. driver.Number32(type), .. driver.Number32(0), .. driver.Number64(sector)]);
            rig.Write(Status, [0xff]);
            driver.Send(0, [(Header, 16, false), .. data, (Status, 1, true)]);
            return rig.Read(Status, 1)[0] == 0;
        }
    }

    private static void RunIde(IBlockBackend disk)
    {
        const byte WriteSectors = 0x30;
        const byte FlushCache = 0xe7;
        const byte ReadyWithoutError = 0x50;
        using IdeRig rig = new();
        rig.Controller.Primary.Attach(0, new AtaDisk(disk, "Test disk", "S1"));
        for (int step = 1; step < disk.Length / SectorSize; step++)
        {
            rig.Command(WriteSectors, (uint)step, 1);
            rig.PioOut(Enumerable.Repeat((byte)step, SectorSize).ToArray());
            bool written = rig.Status == ReadyWithoutError;
            rig.Command(FlushCache);
            if (written && rig.Status == ReadyWithoutError)
            {
                Console.WriteLine(step);
            }
        }
    }
}

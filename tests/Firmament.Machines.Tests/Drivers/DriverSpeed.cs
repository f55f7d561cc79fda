using System.Diagnostics;
using Firmament.Core.Backends;
using Firmament.Firmware.Drivers;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>How fast the firmware reads. Run by hand: <c>-explicit only -class "*DriverSpeed" -showLiveOutput</c>.</summary>
public sealed class DriverSpeed(ITestOutputHelper output)
{
    private const int DiskBytes = 64 << 20;
    private const int Passes = 8;

    [Theory(Explicit = true)]
    [MemberData(nameof(BlockDriverTests.All), MemberType = typeof(BlockDriverTests))]
    public void Reading(string kind)
    {
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(new byte[DiskBytes], isReadOnly: kind.EndsWith("cd", StringComparison.Ordinal)));
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);
        foreach (uint length in (ReadOnlySpan<uint>)[1 << 16, driver.MaxTransfer])
        {
            uint count = length / (uint)driver.BlockSize;
            long start = Stopwatch.GetTimestamp();
            for (int pass = 0; pass < Passes; pass++)
            {
                for (ulong block = 0; block + count <= driver.BlockCount; block += count)
                {
                    Assert.True(driver.TryRead(block, count, DriverBench.Buffer + (block * (ulong)driver.BlockSize % (16 << 20))));
                }
            }

            output.WriteLine($"{kind}: {length / 1024} KiB at a time, {(double)DiskBytes * Passes / (1 << 20) / Stopwatch.GetElapsedTime(start).TotalSeconds:f0} MiB/s");
        }
    }
}

using System.Globalization;
using System.IO.Compression;
using Firmament.Core.Interrupts;
using Firmament.Devices.Interrupts;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Pseries.Interrupts;

/// <summary>Replays the interrupt hypercalls that Linux made on QEMU. The logs have arguments only; all the calls succeeded there.</summary>
public sealed class InterruptOracleTests
{
    [Theory]
    [InlineData("exceptions-POWER9-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-POWER9-slof.txt.hypercalls.gz")]
    [InlineData("exceptions-di12-POWER9-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-trixie612-POWER9-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-be-POWER9-radix-vof.txt.hypercalls.gz")]
    public void Every_call_of_a_recorded_boot_succeeds(string log)
    {
        using InterruptRig rig = new(InterruptMode.Xive, ramSize: 1UL << 30);
        foreach (int number in (int[])[0x1000, 0x1001, 0x1100, 0x1101])
        {
            rig.Interrupts.Claim(number, isLevel: false);
        }

        int calls = 0;
        foreach (ulong[] registers in Read(Guests.Path("oracle/pseries/" + log)))
        {
            uint number = (uint)registers[0];
            if (number is >= 0x3a8 and <= 0x3d0)
            {
                calls++;
                Assert.True(
                    rig.Call(number, registers.AsSpan(1, 5)) == 0,
                    $"call {calls}: 0x{number:x} ({string.Join(", ", registers[1..6].Select(static r => $"0x{r:x}"))})");
            }
        }

        Assert.True(calls >= 10, $"the log has {calls} calls");
        Assert.Equal(0, rig.Call(0x3b0, 0, 0x1000));
        Assert.Equal((0ul, 6ul, 0x11ul), (rig.Result(), rig.Result(1), rig.Result(2)));
    }

    private static IEnumerable<ulong[]> Read(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return [.. line.Split(' ').Where(static word => word.StartsWith('r'))
                .Select(static word => ulong.Parse(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Firmament.Core.Hypercalls;
using Firmament.Machines.Tests.Support;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.Machines.Tests.Pseries.Hypercalls;

/// <summary>Replays the H_ENTER calls that Linux made on QEMU while it mapped all of 1 GiB with 64 KiB pages.</summary>
public sealed partial class HashTableOracleTests
{
    private const ulong RamSize = 1UL << 30;

    [Theory]
    [InlineData("exceptions-POWER8-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-be-POWER8-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-be-POWER9-vof.txt.hypercalls.gz")]
    [InlineData("exceptions-di12-POWER8-vof.txt.hypercalls.gz")]
    public void Entries_of_a_kernel_are_accepted_and_lie_where_their_pages_hash_to(string file)
    {
        using HashedPageTable table = new(23);
        ulong kernelSegment = Calls(file, 0x8).First(static call => (call[2] & 0x10) != 0)[2];
        int entries = 0;
        foreach (ulong[] call in Calls(file, 0x8))
        {
            (ulong flags, ulong index, ulong first, ulong second) = (call[0], call[1], call[2], call[3]);
            Assert.Equal(PaprStatus.Success, table.Enter(flags, index, first, second, RamSize, out ulong used));
            Assert.Equal(index & ~7UL, used & ~7UL);
            // Linux maps memory at 0xc000000000000000 onwards: offset in the segment and real address are the same.
            (ulong real, ulong length) = table.RealRangeOf(used);
            SegmentPage page = table.PageOf(used, first, second);
            Assert.Equal(1UL << page.PageShift, length);
            if ((first & 0x10) != 0 && first >> 24 == kernelSegment >> 24)
            {
                Assert.Equal(real, page.Offset);
                entries++;
            }
        }

        Assert.True(entries >= 16384, $"{entries} bolted pages were compared");
    }

    private static IEnumerable<ulong[]> Calls(string file, ulong number)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(Guests.OraclePath("../pseries/" + file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            ulong[] registers = [.. Register().Matches(line).Select(static match => ulong.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (registers.Length > 8 && registers[0] == number)
            {
                yield return registers[1..9];
            }
        }
    }

    [GeneratedRegex(@"\br\d+=([0-9a-f]{16})")]
    private static partial Regex Register();
}

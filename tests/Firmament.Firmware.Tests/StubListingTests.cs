using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Firmware.Tests;

/// <summary>The stubs as docs/hypercalls.md shows them are the stubs a guest gets.</summary>
public sealed class StubListingTests
{
    [Theory]
    [InlineData(HypercallConvention.Papr)]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void The_page_on_hypercalls_shows_the_stub_as_the_disassembler_prints_it(HypercallConvention convention)
    {
        string? page = FindPage();
        Assert.SkipWhen(page == null, "docs/hypercalls.md is not above the test's folder: the test runs outside its repository.");
        Disassembler disassembler = new(new Decoder(CpuModel.Find("7457")!.Features));
        uint[] words = Words.FromBytes(GuestStub.BuildClient(convention));

        string listing = string.Concat(words.Select((word, n) => $"{4 * n:x2}: {word:x8}  {disassembler.Print(word, (uint)(4 * n))}\n"));

        Assert.Contains(listing, File.ReadAllText(page!).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static string? FindPage()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string page = Path.Combine(folder.FullName, "docs", "hypercalls.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        return null;
    }
}

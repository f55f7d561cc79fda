namespace Firmament.PowerPC.Tests.Vector;

/// <summary>Results written out by hand from the manuals' tables, so that neither leaf nor model can be wrong alone.</summary>
public sealed unsafe class VectorKnownAnswerTests
{
    private const string None = "00000000 00000000 00000000 00000000";

    // AltiVec PEM 3.2.5: the first NaN of A, B, C, quieted; the default NaN for an invalid operation.
    // The last row is round 1 of the example in FIPS 197 appendix B.
    [Theory]
    [InlineData(
        "vaddfp", "7f800001 ffc00002 7f800000 ffffffff", "ffc00003 7f800004 ff800000 3f800000",
        None, "7fc00001 ffc00002 7fc00000 ffffffff")]
    [InlineData(
        "vmaddfp", "3f800000 00000000 7f800001 00000000", "7f800002 7fc00003 ffc00004 3f800000",
        "7fc00005 7f800000 7fc00006 ff800000", "7fc00002 7fc00003 7fc00001 7fc00000")]
    [InlineData(
        "vnmsubfp", "3f800000 7fc00001 3f800000 40000000", "3f800000 00000000 ff800001 3f800000",
        "3f800000 3f800000 3f800000 3f800000", "80000000 7fc00001 ffc00001 bf800000")]
    [InlineData(
        "vmaxfp", "80000000 00000000 7f800001 3f800000", "00000000 80000000 ffc00002 ffc00003",
        None, "00000000 00000000 7fc00001 ffc00003")]
    [InlineData(
        "vminfp", "80000000 00000000 ff800000 c0000000", "00000000 80000000 7f7fffff c0400000",
        None, "80000000 80000000 ff800000 c0400000")]
    [InlineData(
        "vmaddfp", "3f800001 00000000 80000000 00000000", "bf800002 80000000 80000000 00000001",
        "3f800001 3f800000 3f800000 3f800000", "28800000 00000000 80000000 00000001")]
    [InlineData(
        "vcipher", "193de3be a0f4e22b 9ac68d2a e9f84808", "a0fafe17 88542cb1 23a33939 2a6c7605",
        None, "a49c7ff2 689f352b 6b5bea43 026a5049")]
    public void Leaf_gives_the_result_of_the_table(string name, string a, string b, string c, string result)
    {
        using VectorMachine machine = Run(name, 0, a, b, c, lastField: 4);
        Assert.Equal(Parse(result), machine[1]);
    }

    [Theory]
    [InlineData("vaddubs", "ff000000 00000000 00000000 00000000", "01000000 00000000 00000000 00000000", 0u, 1u)]
    [InlineData("vaddubs", None, None, 1u, 1u)]
    [InlineData("vaddubm", "ff000000 00000000 00000000 00000000", "01000000 00000000 00000000 00000000", 0u, 0u)]
    [InlineData("vctsxs", None, "7fc00000 00000000 00000000 00000000", 0u, 0u)]
    [InlineData("vctsxs", None, "cf000000 4effffff 00000000 00000000", 0u, 0u)]
    [InlineData("vctsxs", None, "4f000000 00000000 00000000 00000000", 0x10000u, 0x10001u)]
    [InlineData("vctuxs", None, "bf7fffff 4f7fffff ff800001 80000001", 0u, 0u)]
    [InlineData("vctuxs", None, "bf800000 00000000 00000000 00000000", 0u, 1u)]
    [InlineData("mtvscr", None, "ffffffff ffffffff ffffffff ffffffff", 0u, 0x10001u)]
    public void Saturation_is_recorded_and_sticks(string name, string a, string b, uint before, uint after)
    {
        // VRA's number is the scale of the conversions: 0.
        using VectorMachine machine = new();
        VectorLeaf leaf = AltiVecTable.Rows.Single(row => row.Name == name);
        machine[0] = Parse(a);
        machine[2] = Parse(b);
        machine.State->Vscr = before;
        leaf.Run(machine.State, leaf.Encode(1, 0, 2, 0));
        Assert.Equal(after, machine.State->Vscr);
    }

    [Theory]
    [InlineData("vcmpequw", "00000001 00000002 00000003 00000004", "00000001 00000002 00000003 00000004", 8)]
    [InlineData("vcmpequw", "00000001 00000002 00000003 00000004", "00000001 00000000 00000000 00000000", 0)]
    [InlineData("vcmpequw", "00000001 00000002 00000003 00000004", None, 2)]
    [InlineData("vcmpbfp", "3f800000 bf800000 00000000 80000000", "3f800000 3f800000 00000000 00000000", 2)]
    [InlineData("vcmpbfp", "3f800000 bf800000 00000000 7fc00000", "3f800000 3f800000 00000000 00000000", 0)]
    [InlineData("vcmpgefp", "7fc00000 7fc00000 7fc00000 7fc00000", None, 2)]
    public void Compare_with_the_record_bit_sets_CR6(string name, string a, string b, int cr6)
    {
        using VectorMachine recorded = Run(name, 0, a, b, None, lastField: 1);
        Assert.Equal(cr6, recorded.State->Cr[6]);
        using VectorMachine plain = Run(name, 0, a, b, None, lastField: 0);
        Assert.Equal(0, plain.State->Cr[6]);
    }

    [Fact]
    public void A_sum_that_is_tiny_before_rounding_is_flushed_in_non_Java_mode_only()
    {
        // (1 - 2^-24) · 2^-126: rounds up to the smallest normal number.
        const string A = "1f7fffff 1f7fffff 1f800000 9f800000", C = "20800000 a0800000 20800000 20800000";
        using VectorMachine java = Run("vmaddfp", 0, A, None, C, lastField: 4);
        using VectorMachine nonJava = Run("vmaddfp", 0x10000, A, None, C, lastField: 4);
        Assert.Equal(Parse("00800000 80800000 00800000 80800000"), java[1]);
        Assert.Equal(Parse("00000000 80000000 00800000 80800000"), nonJava[1]);
    }

    private static VectorMachine Run(string name, uint vscr, string a, string b, string c, int lastField)
    {
        VectorMachine machine = new();
        VectorLeaf leaf = AltiVecTable.Rows.Concat(Power8VectorTable.Rows).Single(row => row.Name == name);
        machine[2] = Parse(a);
        machine[3] = Parse(b);
        machine[4] = Parse(c);
        machine.State->Vscr = vscr;
        leaf.Run(machine.State, leaf.Encode(1, 2, 3, lastField));
        return machine;
    }

    private static Quadword Parse(string words) => Quadword.Parse(words.Replace(" ", "", StringComparison.Ordinal));
}

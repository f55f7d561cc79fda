namespace Firmament.PowerPC.Tests.Vector;

public sealed unsafe class VectorEstimateTests
{
    private const uint NonJava = 0x10000;

    [Theory]
    [InlineData("vrefp", 1.0 / 4096)]
    [InlineData("vrsqrtefp", 1.0 / 4096)]
    [InlineData("vexptefp", 1.0 / 16)]
    [InlineData("vlogefp", 1.0 / 32)]
    public void Estimate_is_within_the_architected_error(string name, double bound)
    {
        VectorOperands operands = new(7);
        using VectorMachine machine = new();
        for (int n = 0; n < 20000; n++)
        {
            machine[3] = operands.NextFloats();
            Run(machine, name);
            for (int i = 0; i < 4; i++)
            {
                double x = machine[3].Float(i);
                double exact = Exact(name, x);
                float got = machine[1].Float(i);
                if (!float.IsFinite(got) || !double.IsFinite(exact) || Math.Abs(exact) is 0 or < 1.1754943508222875e-38 or > float.MaxValue)
                {
                    // The edges: a rounded infinity, a denormal or a NaN must be the exact function's own.
                    Assert.True(got.Equals((float)exact), $"{name}({x:r}) = {got:r}, not {exact:r}");
                    continue;
                }

                double error = Math.Abs(got - exact) / (name == "vlogefp" ? 1 : Math.Abs(exact));
                Assert.True(error <= bound / 256, $"{name}({x:r}) = {got:r}, not {exact:r}");
            }
        }
    }

    // Operand and result; the special cases of Power ISA 2.07B Book I 6.10.5 and AltiVec PEM chapter 6, in Java mode.
    [Theory]
    [InlineData("vrefp", "00000000 80000000 7f800000 ff800000", "7f800000 ff800000 00000000 80000000")]
    [InlineData("vrefp", "7f800001 ffc12345 00000001 7f000000", "7fc00001 ffc12345 7f800000 00400000")]
    [InlineData("vrsqrtefp", "00000000 80000000 7f800000 ff800000", "7f800000 ff800000 00000000 7fc00000")]
    [InlineData("vrsqrtefp", "bf800000 80000001 ff800001 40800000", "7fc00000 7fc00000 ffc00001 3f000000")]
    [InlineData("vexptefp", "00000000 80000000 7f800000 ff800000", "3f800000 3f800000 7f800000 00000000")]
    [InlineData("vexptefp", "43000000 42fe0000 c3150000 7f800001", "7f800000 7f000000 00000001 7fc00001")]
    [InlineData("vexptefp", "c2fc0000 c2fe0000 7f7fffff ff7fffff", "00800000 00400000 7f800000 00000000")]
    [InlineData("vlogefp", "00000000 80000000 7f800000 ff800000", "ff800000 ff800000 7f800000 7fc00000")]
    [InlineData("vlogefp", "3f800000 41000000 00000001 bf800000", "00000000 40400000 c3150000 7fc00000")]
    [InlineData("vlogefp", "3e800000 7f000000 ffc00007 00800000", "c0000000 42fe0000 ffc00007 c2fc0000")]
    public void Estimate_of_a_special_operand_is_exact(string name, string operand, string result) =>
        AssertResult(name, operand, result, 0);

    [Theory]
    [InlineData("vrefp", "00000001 807fffff 7f000000 fe800001", "7f800000 ff800000 00000000 80000000")]
    [InlineData("vrsqrtefp", "00000001 80000001 007fffff 807fffff", "7f800000 ff800000 7f800000 ff800000")]
    [InlineData("vexptefp", "00000001 80000001 c2fe0000 c2fc0000", "3f800000 3f800000 00000000 00800000")]
    [InlineData("vlogefp", "00000001 80000001 007fffff 807fffff", "ff800000 ff800000 ff800000 ff800000")]
    public void Estimate_in_non_Java_mode_has_no_denormals(string name, string operand, string result) =>
        AssertResult(name, operand, result, NonJava);

    private static void AssertResult(string name, string operand, string result, uint vscr)
    {
        using VectorMachine machine = new();
        machine[3] = Quadword.Parse(operand.Replace(" ", "", StringComparison.Ordinal));
        machine.State->Vscr = vscr;
        Run(machine, name);
        Assert.Equal(Quadword.Parse(result.Replace(" ", "", StringComparison.Ordinal)), machine[1]);
        Assert.Equal(vscr, machine.State->Vscr);
    }

    private static void Run(VectorMachine machine, string name)
    {
        VectorLeaf leaf = AltiVecTable.Rows.Single(row => row.Name == name);
        leaf.Run(machine.State, leaf.Encode(1, 0, 3, 0));
    }

    private static double Exact(string name, double x) => name switch
    {
        "vrefp" => 1 / x,
        "vrsqrtefp" => x == 0 ? double.CopySign(double.PositiveInfinity, x) : 1 / Math.Sqrt(x),
        "vexptefp" => Math.Pow(2, x),
        _ => Math.Log2(x),
    };
}

using System.Reflection;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.Vector;

namespace Firmament.PowerPC.Tests.Vector;

public sealed unsafe class VectorReferenceTests
{
    private const int Cases = 1500;

    /// <summary>Specified by an error bound, not by a value; see <see cref="VectorEstimateTests"/>.</summary>
    private static readonly string[] Estimates = ["vrefp", "vrsqrtefp", "vexptefp", "vlogefp"];

    private static readonly VectorLeaf[] Rows = [.. AltiVecTable.Rows, .. Power8VectorTable.Rows];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name).Except(Estimates)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Leaf_gives_what_the_manual_says(string name)
    {
        VectorLeaf leaf = Rows.Single(row => row.Name == name);
        Func<VectorCase, Quadword> model = VectorReference.Models[name];
        VectorOperands operands = new(name.Sum(letter => letter));
        using VectorMachine machine = new();
        byte[] before = new byte[machine.Bytes.Length];

        for (int n = 0; n < Cases; n++)
        {
            // Registers repeat now and then, so that VRT overlaps an operand.
            int t = operands.Next(32), a = operands.Next(32), b = operands.Next(32), c = operands.Next(32);
            a = operands.Next(8) == 0 ? t : a;
            b = operands.Next(8) == 0 ? t : b;
            c = operands.Next(8) == 0 ? t : c;
            uint word = leaf.Encode(t, a, b, c);
            FillRegisters(machine, operands, name, t, a, b, c);
            machine.State->Vscr = (uint)operands.Next(2) | ((uint)operands.Next(2) << 16);
            machine.State->Cr[6] = 5;
            VectorCase given = new()
            {
                A = machine[a],
                B = machine[b],
                C = machine[c],
                T = machine[t],
                Word = word,
                Vscr = machine.State->Vscr,
            };
            machine.Bytes.CopyTo(before);

            leaf.Run(machine.State, word);

            Quadword expected = model(given);
            string what = $"{name} {word:x8} A={given.A} B={given.B} C={given.C} nj={given.NonJava}";
            Assert.True(expected == machine[t], $"{what}: {machine[t]}, not {expected}");
            Assert.True(given.Vscr == machine.State->Vscr, $"{what}: VSCR {machine.State->Vscr:x8}, not {given.Vscr:x8}");
            bool records = leaf.Form == VectorForm.Decimal || (leaf.Form == VectorForm.VC && (word & 0x400) != 0);
            int cr6 = records ? given.Cr6 : 5;
            Assert.True(cr6 == machine.State->Cr[6], $"{what}: CR6 {machine.State->Cr[6]}, not {cr6}");

            // Nothing else may have changed.
            machine[t] = given.T;
            RestoreOutcome(machine, before);
            Assert.True(machine.Bytes.SequenceEqual(before), $"{what}: wrote other state");
        }
    }

    [Fact]
    public void Every_leaf_has_an_encoding_of_its_own()
    {
        string[] leaves =
        [
            .. typeof(VectorLeaves).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(m => m.Name.ToLowerInvariant()).Order(),
        ];
        // Those of ISA 3.0 have recorded rows (RecordedRowTests) in place of a model.
        HashSet<string> recorded = [.. OpcodeTable.Rows.Where(row => row.Feature == CpuFeatures.Isa300).Select(row => row.Mnemonic.TrimEnd('.'))];
        Assert.Equal(leaves.Where(leaf => !recorded.Contains(leaf)), Rows.Select(row => row.Name).Order());
        foreach (VectorLeaf row in Rows)
        {
            Assert.Same(row, Assert.Single(Rows, other => other.Matches(row.Encode(1, 2, 3, 4))));
        }
    }

    [Fact]
    public void The_AltiVec_set_has_144_register_instructions() => Assert.Equal(144, AltiVecTable.Rows.Length);

    private static void FillRegisters(VectorMachine machine, VectorOperands operands, string name, int t, int a, int b, int c)
    {
        bool floats = name.EndsWith("fp", StringComparison.Ordinal) || name.StartsWith("vrfi", StringComparison.Ordinal)
            || name.StartsWith("vct", StringComparison.Ordinal);
        foreach (int register in (ReadOnlySpan<int>)[t, c, b, a])
        {
            machine[register] = floats ? operands.NextFloats() : operands.Next();
        }

        if (name is "vmaddfp" or "vnmsubfp" && operands.Next(2) == 0)
        {
            (uint A, uint C, uint B)[] near = [.. Enumerable.Range(0, 4).Select(_ => operands.NextNearTiny())];
            machine[b] = Quadword.Of(32, i => near[i].B);
            machine[c] = Quadword.Of(32, i => near[i].C);
            machine[a] = Quadword.Of(32, i => near[i].A);
        }
        else if (name.StartsWith("bcd", StringComparison.Ordinal))
        {
            machine[b] = operands.NextDecimal();
            machine[a] = operands.NextDecimal();
        }
        else if (operands.Next(4) == 0)
        {
            // Equal and nearly equal operands, for the compares.
            machine[b] = Quadword.Of(64, i => machine[a].U(64, i) ^ operands.Next(3));
        }
    }

    private static void RestoreOutcome(VectorMachine machine, byte[] before)
    {
        fixed (byte* saved = before)
        {
            machine.State->Vscr = ((State.CpuState*)saved)->Vscr;
            machine.State->Cr[6] = ((State.CpuState*)saved)->Cr[6];
        }
    }
}

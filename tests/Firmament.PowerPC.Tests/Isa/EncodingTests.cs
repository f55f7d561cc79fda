using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Isa;

/// <summary>power.isa against words encoded by hand from the manuals, and its three readers against each other.</summary>
public sealed class EncodingTests
{
    private static readonly Decoder G4 = new(CpuModel.Find("7457")!.Features);

    [Theory]
    [InlineData(0x3860_0001u, "addi r3,0,1")]
    [InlineData(0x7c63_2214u, "add r3,r3,r4")]
    [InlineData(0x7c63_2615u, "addo. r3,r3,r4")]
    [InlineData(0x8123_0010u, "lwz r9,16(r3)")]
    [InlineData(0x9421_fff0u, "stwu r1,-16(r1)")]
    [InlineData(0x5463_103au, "rlwinm r3,r3,2,0,29")]
    [InlineData(0x4e80_0020u, "blr")]
    [InlineData(0x4400_0022u, "sc 1")]
    [InlineData(0x7c08_02a6u, "mflr r0")]
    [InlineData(0x7c10_43a6u, "mtsprg0 r0")]
    [InlineData(0x7c7f_42a6u, "mfspr r3,287")]
    [InlineData(0x7c00_04acu, "sync")]
    [InlineData(0x7c20_1fecu, "dcbz 0,r3")]
    [InlineData(0xfc22_182au, "fadd f1,f2,f3")]
    [InlineData(0xfc22_00f2u, "fmul f1,f2,f3")]
    [InlineData(0x1022_1b00u, "vaddsbs v1,v2,v3")]
    [InlineData(0x1022_192bu, "vperm v1,v2,v3,v4")]
    [InlineData(0x7c00_19ceu, "stvx v0,0,r3")]
    [InlineData(0x0000_0000u, ".long 0x00000000")]
    [InlineData(0x4182_0008u, "bt 2,0x1008")]
    public void A_word_disassembles_as_the_manual_spells_it(uint word, string text) =>
        Assert.Equal(text, new Disassembler(G4).Print(word, 0x1000));

    /// <summary>Words from an assembler; reserved bits are 0.</summary>
    [Theory]
    [InlineData(0xf022_1903u, "xsadddp vs33,vs2,vs35")]
    [InlineData(0xf022_1b0au, "xvmaddadp vs1,vs2,vs35")]
    [InlineData(0xf1b3_8b38u, "xxsel vs13,vs19,vs17,vs44")]
    [InlineData(0xfc22_1808u, "xsaddqp v1,v2,v3")]
    [InlineData(0x1022_1923u, "vmsumudm v1,v2,v3,v4")]
    [InlineData(0xfc34_148eu, "mffscdrn f1,f2")]
    [InlineData(0xfdc0_6a04u, "dctqpq f14,f13")]
    public void A_POWER9_word_disassembles_as_the_manual_spells_it(uint word, string text) =>
        Assert.Equal(text, new Disassembler(new Decoder((CpuFeatures)int.MaxValue)).Print(word, 0x1000));

    [Fact]
    public void The_disassembler_spells_every_operand_of_a_64_bit_CPU()
    {
        Disassembler disassembler = new(new Decoder((CpuFeatures)int.MaxValue));
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1))
        {
            Assert.DoesNotContain("?", disassembler.Print(row.Value, 0), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_assembler_splits_VSX_register_numbers()
    {
        Assembler a = new(0);
        a.Xsadddp(33, 2, 35);
        a.Xxsel(13, 19, 17, 44);
        a.Xvtstdcdp(63, 62, 127);
        a.Bcdadd_(1, 2, 3, 1);
        byte[] code = a.ToArray();
        Disassembler disassembler = new(new Decoder((CpuFeatures)int.MaxValue));
        string[] text = [.. Enumerable.Range(0, 4).Select(n => disassembler.Print(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(code.AsSpan(4 * n)), 0))];
        Assert.Equal(["xsadddp vs33,vs2,vs35", "xxsel vs13,vs19,vs17,vs44", "xvtstdcdp vs63,vs62,127", "bcdadd. v1,v2,v3,1"], text);
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Xsadddp(64, 0, 0));
    }

    [Fact]
    public void Every_encoding_of_the_table_decodes_to_itself()
    {
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1))
        {
            const CpuFeatures Wide = CpuFeatures.Bits64 | CpuFeatures.Isa205 | CpuFeatures.Isa206 | CpuFeatures.Isa207 | CpuFeatures.Isa300;
            Decoder decoder = new(row.Feature | ((row.Feature & Wide) != 0 ? CpuModel.Find("power9")!.Features : G4Features));
            Assert.Equal(row.Opcode, decoder.Find(row.Value));
        }
    }

    [Theory]
    [InlineData(0xe881_0010u, "ld r4,16(r1)")]
    [InlineData(0xf821_ff81u, "stdu r1,-128(r1)")]
    [InlineData(0x7863_e922u, "rldicl r3,r3,61,36")]
    [InlineData(0x7c63_0676u, "sradi r3,r3,32")]
    [InlineData(0x2c23_0000u, "cmpdi cr0,r3,0")]
    [InlineData(0x4c00_0024u, "rfid")]
    [InlineData(0x7c00_2698u, "lxvd2x vs0,0,r4")]
    [InlineData(0xf403_0019u, "lxv vs32,16(r3)")]
    [InlineData(0x7c60_00a6u, "mfmsr r3")]
    [InlineData(0x7c61_0164u, "mtmsrd r3,1")]
    public void A_64_bit_word_disassembles_as_the_manual_spells_it(uint word, string text) =>
        Assert.Equal(text, new Disassembler(new Decoder(CpuModel.Find("power9")!.Features)).Print(word, 0x1000));

    [Theory]
    [InlineData("7457")]
    [InlineData("power8")]
    [InlineData("power9")]
    public void The_disassembler_spells_every_operand_of_the_table(string model)
    {
        CpuFeatures features = CpuModel.Find(model)!.Features;
        Disassembler disassembler = new(new Decoder(features));
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1).Where(row => (row.Feature & ~features) == 0))
        {
            string text = disassembler.Print(row.Value, 0);
            Assert.StartsWith(row.Mnemonic, text, StringComparison.Ordinal);
            Assert.DoesNotContain("?", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_assembler_writes_what_the_decoder_reads()
    {
        Assembler a = new(0x1000);
        a.Lwz(9, 16, 3);
        a.Add(3, 3, 4, oe: true, rc: true);
        a.Rlwinm(3, 3, 2, 0, 29);
        a.Mtspr(287, 3);
        a.Sc(1);
        AssemblerLabel end = a.NewLabel();
        a.Bc(12, 2, end);
        a.Nop();
        a.Bind(end);
        a.Blr();
        Assert.Equal(
            "812300107C6326155463103A7C7F43A6440000224182000860000000" + "4E800020",
            Convert.ToHexString(a.ToArray()));
    }

    [Theory]
    [InlineData(32768)]
    [InlineData(-32769)]
    public void The_assembler_refuses_an_immediate_that_does_not_fit(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Assembler(0).Addi(3, 0, value));

    private static CpuFeatures G4Features => CpuModel.Find("7457")!.Features;
}

namespace Firmament.PowerPC.Isa;

/// <content>Extended mnemonics (PEM appendix F): the usual spellings of branches, compares and shifts. Compares and branches use CR0.</content>
public sealed partial class Assembler
{
    private const int Less = 0;
    private const int Greater = 1;
    private const int Equal = 2;

    /// <summary>beq: branch if equal.</summary>
    public void Beq(AssemblerLabel target) => Bt(Equal, target);

    /// <summary>bne: branch if not equal.</summary>
    public void Bne(AssemblerLabel target) => Bf(Equal, target);

    /// <summary>blt: branch if less than.</summary>
    public void Blt(AssemblerLabel target) => Bt(Less, target);

    /// <summary>bge: branch if greater than or equal.</summary>
    public void Bge(AssemblerLabel target) => Bf(Less, target);

    /// <summary>bgt: branch if greater than.</summary>
    public void Bgt(AssemblerLabel target) => Bt(Greater, target);

    /// <summary>ble: branch if less than or equal.</summary>
    public void Ble(AssemblerLabel target) => Bf(Greater, target);

    /// <summary>bctrl: call the address in the count register.</summary>
    public void Bctrl() => Bcctrl(20, 0);

    /// <summary>cmpwi: compare signed with an immediate.</summary>
    public void Cmpwi(int ra, int value) => Cmpi(0, ra, value);

    /// <summary>cmplwi: compare unsigned with an immediate.</summary>
    public void Cmplwi(int ra, int value) => Cmpli(0, ra, value);

    /// <summary>cmplw: compare unsigned.</summary>
    public void Cmplw(int ra, int rb) => Cmpl(0, ra, rb);

    /// <summary>slwi: shift left by <paramref name="bits"/>, 0 to 31.</summary>
    public void Slwi(int ra, int rs, int bits) => Rlwinm(ra, rs, bits, 0, 31 - bits);

    /// <summary>sub: rt = left − right.</summary>
    public void Sub(int rt, int left, int right) => Subf(rt, right, left);
}

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Instruction words with FRT = 3, FRA = 4, FRB = 5, FRC = 6 and Rc = 1, by mnemonic.</summary>
internal static class InstructionWords
{
    public const int Target = 3;
    public const int A = 4;
    public const int B = 5;
    public const int C = 6;

    /// <summary>X-form: primary opcode 63 or 59 and a 10-bit extended opcode.</summary>
    public static uint X(uint primary, uint extended) => (primary << 26) | (3 << 21) | (4 << 16) | (5 << 11) | (extended << 1) | 1;

    /// <summary>A-form: a 5-bit extended opcode, FRC in bits 21:25.</summary>
    public static uint Arithmetic(string mnemonic)
    {
        bool single = mnemonic is not "fres" && mnemonic.EndsWith('s');
        string name = single ? mnemonic[..^1] : mnemonic;
        uint extended = name switch
        {
            "fdiv" => 18,
            "fsub" => 20,
            "fadd" => 21,
            "fsqrt" => 22,
            "fres" or "fre" => 24,
            "fmul" => 25,
            "frsqrte" => 26,
            "fmsub" => 28,
            "fmadd" => 29,
            "fnmsub" => 30,
            "fnmadd" => 31,
            _ => throw new ArgumentOutOfRangeException(nameof(mnemonic), mnemonic, "Not an A-form mnemonic."),
        };
        uint primary = single || name == "fres" ? 59u : 63u;
        return X(primary, extended) | (6 << 6);
    }
}

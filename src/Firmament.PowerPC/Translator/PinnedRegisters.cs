using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>
/// The general registers that live in host registers throughout all generated code, so that any piece may jump to any other. Chosen as the
/// ones compilers use most: arguments and temporaries, the stack pointer, the last saved register.
/// </summary>
internal static class PinnedRegisters
{
    /// <summary>Holds <see cref="State.CpuState.Remaining"/>.</summary>
    public const HostRegister Remaining = HostRegister.R15;

    /// <summary>Guest register and host register of each pin.</summary>
    public static ReadOnlySpan<(int Gpr, HostRegister Host)> All => Pins;

    /// <summary>Holds <see cref="State.CpuState.Ctr"/>.</summary>
    public const HostRegister Ctr = HostRegister.R14;

    private static readonly (int Gpr, HostRegister Host)[] Pins =
    [
        (3, HostRegister.Rbx), (9, HostRegister.Rsi), (10, HostRegister.Rdi), (4, HostRegister.R8), (5, HostRegister.R9), (8, HostRegister.R10),
        (7, HostRegister.R11), (1, HostRegister.R12), (31, HostRegister.R13),
    ];

    private static readonly sbyte[] HostOfGpr = Table();

    /// <summary>True where a called function may change the register (System V AMD64 ABI 3.2.1).</summary>
    public static bool IsVolatile(HostRegister register) => register is HostRegister.Rsi or HostRegister.Rdi or (>= HostRegister.R8 and <= HostRegister.R11);

    /// <summary>The host register that holds a general register.</summary>
    public static bool TryGet(int gpr, out HostRegister host)
    {
        host = (HostRegister)HostOfGpr[gpr];
        return HostOfGpr[gpr] >= 0;
    }

    private static sbyte[] Table()
    {
        sbyte[] table = new sbyte[33];
        Array.Fill(table, (sbyte)-1);
        foreach ((int gpr, HostRegister host) in Pins)
        {
            table[gpr] = (sbyte)host;
        }

        return table;
    }
}

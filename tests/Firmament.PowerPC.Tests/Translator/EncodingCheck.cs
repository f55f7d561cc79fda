using Firmament.PowerPC.Translator.X64;
using Iced.Intel;
using MemoryOperand = Firmament.PowerPC.Translator.X64.MemoryOperand;

namespace Firmament.PowerPC.Tests.Translator;

/// <summary>Assembles one instruction and compares what Iced decodes with what was meant.</summary>
internal static unsafe class EncodingCheck
{
    /// <summary>Where the code is decoded: references before it must not become negative addresses.</summary>
    public const ulong Address = 0x1_0000;

    /// <summary>All general registers.</summary>
    public static readonly HostRegister[] Registers = Enum.GetValues<HostRegister>();

    /// <summary>All vector registers.</summary>
    public static readonly XmmRegister[] Vectors = Enum.GetValues<XmmRegister>();

    /// <summary>Memory operands of all kinds of encoding: every base; no displacement, one and four bytes of it; every kind of index and scale.</summary>
    public static IEnumerable<MemoryOperand> Memory()
    {
        HostRegister[] indices = [HostRegister.Rsp, HostRegister.Rax, HostRegister.Rbp, HostRegister.R9, HostRegister.R12, HostRegister.R13];
        int[] displacements = [0, 8, -128, 127, 128, -129, 0x12345];
        foreach (HostRegister @base in Registers)
        {
            for (int n = 0; n < indices.Length * displacements.Length; n++)
            {
                HostRegister index = indices[n % indices.Length];
                yield return new MemoryOperand(@base, index, displacements[n / indices.Length], index == HostRegister.Rsp ? 0 : n % 4);
            }
        }
    }

    /// <summary>One instruction with operands in Intel's order: a Register, a MemoryOperand, a number.</summary>
    public static void Decodes(Action<X64Assembler> emit, Mnemonic mnemonic, params object[] operands)
    {
        byte[] code = new byte[32];
        X64Assembler assembler = new();
        int length;
        fixed (byte* start = code)
        {
            assembler.Begin(start, code.Length);
            emit(assembler);
            assembler.Finish();
            length = assembler.Position;
        }

        Decoder decoder = Decoder.Create(64, code, Address);
        Instruction instruction = decoder.Decode();
        string text = $"{Convert.ToHexStringLower(code, 0, length)} is {instruction}";
        Assert.True(instruction.Mnemonic == mnemonic, $"{text}, not {mnemonic}");
        Assert.True(instruction.Length == length, $"{text}, of {instruction.Length} bytes");
        Assert.True(instruction.OpCount == operands.Length, $"{text}, not of {operands.Length} operands");
        for (int n = 0; n < operands.Length; n++)
        {
            Assert.True(Matches(instruction, n, operands[n]), $"{text}, but operand {n} should be {operands[n]}");
        }
    }

    /// <summary>A general register of 1, 4 or 8 bytes, as Iced names it.</summary>
    public static Register General(HostRegister register, int bytes) => bytes switch
    {
        8 => Register.RAX + (int)register,
        4 => Register.EAX + (int)register,
        2 => Register.AX + (int)register,
        _ => register < HostRegister.Rsp ? Register.AL + (int)register : Register.SPL + ((int)register - 4),
    };

    /// <summary>A general register of 4 or 8 bytes.</summary>
    public static Register General(HostRegister register, bool wide) => General(register, wide ? 8 : 4);

    /// <summary>A vector register.</summary>
    public static Register Xmm(XmmRegister register) => Register.XMM0 + (int)register;

    private static bool Matches(in Instruction instruction, int n, object operand) => operand switch
    {
        Register register => instruction.GetOpKind(n) == OpKind.Register && instruction.GetOpRegister(n) == register,
        MemoryOperand memory => IsMemory(instruction, n, memory),
        ulong target => Target(instruction, n) == target,
        _ => Immediate(instruction, n) == Convert.ToInt64(operand, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static bool IsMemory(in Instruction instruction, int n, MemoryOperand memory) =>
        instruction.GetOpKind(n) == OpKind.Memory
        && instruction.MemoryBase == General(memory.Base, 8)
        && instruction.MemoryIndex == (memory.Index == HostRegister.Rsp ? Register.None : General(memory.Index, 8))
        && instruction.MemoryIndexScale == 1 << memory.ScaleShift
        && (int)instruction.MemoryDisplacement64 == memory.Displacement;

    private static ulong Target(in Instruction instruction, int n) =>
        instruction.GetOpKind(n) == OpKind.Memory && instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress : instruction.NearBranchTarget;

    private static long Immediate(in Instruction instruction, int n) => instruction.GetOpKind(n) switch
    {
        OpKind.Immediate8 => instruction.Immediate8,
        OpKind.Immediate32 => (int)instruction.Immediate32,
        OpKind.Immediate8to32 => instruction.Immediate8to32,
        OpKind.Immediate8to64 or OpKind.Immediate32to64 or OpKind.Immediate64 => (long)instruction.GetImmediate(n),
        _ => long.MinValue,
    };
}

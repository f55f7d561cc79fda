using Iced.Intel;

namespace Firmament.Cli.Tracing;

/// <summary>Prints x86-64 code for --trace code, by the Iced library.</summary>
internal static class HostDisassembler
{
    /// <summary>One text an instruction.</summary>
    /// <param name="code">Whole instructions.</param>
    /// <param name="address">Where they lie, for jumps.</param>
    public static IReadOnlyList<string> Print(ReadOnlyMemory<byte> code, ulong address)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(code.ToArray()), address);
        FastFormatter formatter = new();
        formatter.Options.UseHexPrefix = true;
        formatter.Options.SpaceAfterOperandSeparator = false;
        FastStringOutput output = new();
        List<string> lines = [];
        while (decoder.IP < address + (ulong)code.Length)
        {
            decoder.Decode(out Instruction instruction);
            output.Clear();
            formatter.Format(instruction, output);
            lines.Add(output.ToString());
        }

        return lines;
    }
}

using System.Globalization;
using Firmament.Core.Tracing;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Profiling;

/// <summary>
/// Writes translated code to the trace: an event for a region, then one for each piece of it, the guest's instruction beside the host's. Host addresses are
/// positions in the code memory, so that two runs write the same.
/// </summary>
internal sealed class CodeTracer(Tracer tracer, CpuModel model, Func<ReadOnlyMemory<byte>, ulong, IReadOnlyList<string>>? disassemble) : ITranslationWatcher
{
    private readonly Disassembler _disassembler = new(new Decoder(model.Features));

    /// <inheritdoc/>
    public bool WantsCode => tracer.IsEnabled(TraceCategory.Code);

    /// <inheritdoc/>
    public void Translated(TranslatedRegion region)
    {
        int first = region.Pieces.Length == 0 ? 0 : region.Pieces[0].Index;
        int instructions = 0;
        foreach (TranslatedPiece piece in region.Pieces)
        {
            instructions += piece.Kind == TranslatedPieceKind.Instruction ? 1 : 0;
        }

        tracer.Write(
            TraceCategory.Code, "region", Address(region.PageAddress, first),
            new("instructions", Number(instructions)), new("bytes", Number(region.Code.Length)), new("at", "0x" + region.Position.ToString("x", CultureInfo.InvariantCulture)));
        for (int i = 0; i < region.Pieces.Length; i++)
        {
            TranslatedPiece piece = region.Pieces[i];
            int end = i + 1 < region.Pieces.Length ? region.Pieces[i + 1].Offset : region.Code.Length;
            string address = Address(region.PageAddress, piece.Index);
            (string source, string name, string guest) = piece.Kind switch
            {
                TranslatedPieceKind.Entry => ("entry", address, ""),
                TranslatedPieceKind.Instruction => ("insn", address, _disassembler.Print(piece.Word, (uint)(region.PageAddress + ((uint)piece.Index * 4)))),
                _ => ("rest", "out-of-line", ""),
            };
            string host = Host(region.Code[piece.Offset..end], (ulong)(region.Position + piece.Offset));
            if (guest.Length != 0)
            {
                tracer.Write(TraceCategory.Code, source, name, new("guest", $"\"{guest}\""), new("host", $"\"{host}\""));
            }
            else
            {
                tracer.Write(TraceCategory.Code, source, name, new KeyValuePair<string, string>("host", $"\"{host}\""));
            }
        }
    }

    private string Host(ReadOnlySpan<byte> code, ulong address) => disassemble != null
        ? string.Join("; ", disassemble(code.ToArray(), address))
        : Convert.ToHexStringLower(code);

    private static string Address(ulong page, int index) => "0x" + (page + ((uint)index * 4)).ToString("x8", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

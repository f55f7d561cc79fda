using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Firmament.Generators;

/// <summary>
/// Reads power.isa and writes: Opcode (enum), OpcodeTable (encodings, names, flags), Handlers (one interpreter function an
/// encoding), EmitterTable (one translator function an encoding) and Assembler (one method an instruction).
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class IsaGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadLine = new(
        "FIRM001", "power.isa", "{0}", "Isa", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<System.Collections.Immutable.ImmutableArray<string>> files = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == "power.isa")
            .Select(static (file, token) => file.GetText(token)?.ToString() ?? "")
            .Collect();
        context.RegisterSourceOutput(files, static (production, texts) =>
        {
            foreach (string text in texts)
            {
                try
                {
                    List<IsaLine> lines = text.Split('\n').Select(IsaLine.Parse).OfType<IsaLine>().ToList();
                    List<IsaLine.Encoding> encodings = lines.SelectMany(static line => line.Encodings()).ToList();
                    production.AddSource("Opcode.g.cs", SourceText.From(OpcodeWriter.Write(encodings), System.Text.Encoding.UTF8));
                    production.AddSource("Handlers.g.cs", SourceText.From(HandlerWriter.Write(encodings), System.Text.Encoding.UTF8));
                    production.AddSource("Emitters.g.cs", SourceText.From(EmitterWriter.Write(encodings), System.Text.Encoding.UTF8));
                    production.AddSource("Assembler.g.cs", SourceText.From(AssemblerWriter.Write(lines), System.Text.Encoding.UTF8));
                }
                catch (System.FormatException problem)
                {
                    production.ReportDiagnostic(Diagnostic.Create(BadLine, Location.None, problem.Message));
                }
            }
        });
    }
}

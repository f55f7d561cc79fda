using BenchmarkDotNet.Attributes;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Benchmarks.Parts;

/// <summary>An instruction word to its handler and operands: each encoding that a 7457 has, in turn.</summary>
public class DecodePart
{
    private const int Words = 1024;

    private readonly uint[] _words = new uint[Words];
    private readonly Insn[] _decoded = new Insn[Words];
    private Decoder _decoder = null!;

    /// <summary>Collects the words.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _decoder = new Decoder(CpuModel.Find("7457")!.Features);
        uint[] encodings = [.. OpcodeTable.Rows.Select(static row => row.Value).Where(word => _decoder.Find(word) != Opcode.Illegal)];
        for (int i = 0; i < Words; i++)
        {
            _words[i] = encodings[i % encodings.Length];
        }
    }

    /// <summary>The part.</summary>
    [Benchmark(Description = "decode, an instruction", OperationsPerInvoke = Words)]
    public void Decode()
    {
        for (int i = 0; i < Words; i++)
        {
            _decoder.Decode(_words[i], ref _decoded[i]);
        }
    }
}

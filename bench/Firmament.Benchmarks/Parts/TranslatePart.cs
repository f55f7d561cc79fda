using BenchmarkDotNet.Attributes;
using Firmament.PowerPC;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator;

namespace Firmament.Benchmarks.Parts;

/// <summary>The loop of <see cref="InterpretPart"/>, decoded, to x86-64: again and again, each time as a new region.</summary>
public sealed unsafe class TranslatePart : IDisposable
{
    private const int Regions = 64;
    private const int Room = 1 << 20;
    private GuestLoop _loop = null!;
    private Insn* _head;

    /// <summary>Executes the loop, so that it is decoded.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _loop = new GuestLoop(InterpretPart.Body);
        if (_loop.Cpu.Translations == null)
        {
            throw new InvalidOperationException("There is no translator for this host.");
        }

        _loop.Run(100 * InterpretPart.Length);
        _head = _loop.Cpu.Pages.Page(GuestLoop.CodeAt, CpuMode.Classic) + ((GuestLoop.CodeAt >> 2) & 1023);
        long before = _loop.Cpu.EngineStatistics.Translated;
        Translate();
        long translated = _loop.Cpu.EngineStatistics.Translated - before;
        if (translated != Regions * InterpretPart.Length)
        {
            throw new InvalidOperationException($"{translated} instructions were translated, not {Regions * InterpretPart.Length}, so this does not measure what it says.");
        }
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Dispose() => _loop.Dispose();

    /// <summary>The part.</summary>
    [Benchmark(Description = "translate, an instruction", OperationsPerInvoke = Regions * InterpretPart.Length)]
    public void Translate()
    {
        if (_loop.Cpu.EngineStatistics.CodeBytes > Cpu.DefaultCodeCacheBytes - Room)
        {
            // Once in a few thousand calls.
            Dispose();
            Setup();
        }

        for (int i = 0; i < Regions; i++)
        {
            for (int n = 0; n < InterpretPart.Length; n++)
            {
                _head[n].Native = 0;
            }

            TranslationCache.Translate(_loop.Cpu.State, _head);
        }
    }
}

using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Machines;

/// <summary>Makes CPUs by name.</summary>
internal static class ProcessorFactory
{
    /// <summary>Makes a CPU in its reset state.</summary>
    /// <exception cref="UserErrorException">There is no such CPU.</exception>
    public static IMachineProcessor Create(string model, MemoryMap map, Scheduler clock, Tracer tracer, ulong timeBaseFrequency, MachineConfiguration configuration, int timeShift) =>
        new CpuProcessor(new Cpu(Find(model), map, clock, tracer, timeBaseFrequency, translateAfter: TranslateAfter(configuration.Engine), codeCacheBytes: configuration.CodeCacheBytes) { TimeShift = timeShift });

    /// <summary>What an engine means to a CPU.</summary>
    public static int TranslateAfter(ExecutionEngine engine) => engine == ExecutionEngine.Translator ? Cpu.DefaultTranslateAfter : 0;

    /// <summary>The model of a name.</summary>
    /// <exception cref="UserErrorException">There is no such CPU.</exception>
    public static CpuModel Find(string model) =>
        CpuModel.Find(model) ?? throw new UserErrorException(
            $"There is no CPU '{model}' for this machine; the CPUs are {string.Join(", ", CpuModel.All.Select(static entry => entry.Name))}.");
}

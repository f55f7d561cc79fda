using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Machines.Profiling;

/// <summary>Connects who looks at translated code: the host's watcher, the trace, or both.</summary>
internal sealed class CodeWatch : ITranslationWatcher
{
    private readonly ITranslationWatcher _first;
    private readonly ITranslationWatcher _second;

    private CodeWatch(ITranslationWatcher first, ITranslationWatcher second)
    {
        _first = first;
        _second = second;
    }

    /// <inheritdoc/>
    public bool WantsCode => _first.WantsCode || _second.WantsCode;

    /// <summary>Connects a machine's CPUs with what its services and configuration ask for.</summary>
    public static void Connect(Machine machine, HostServices services)
    {
        ITranslationWatcher? watcher = services.TranslationWatcher;
        if (machine.Tracer.IsEnabled(TraceCategory.Code) && CpuModel.All.FirstOrDefault(model => model.Pvr == machine.Processor.Version) is { } cpu)
        {
            CodeTracer tracer = new(machine.Tracer, cpu, services.HostDisassembler);
            watcher = watcher == null ? tracer : new CodeWatch(watcher, tracer);
        }

        foreach (IMachineProcessor processor in machine.Processors)
        {
            processor.TranslationWatcher = watcher;
        }
    }

    /// <inheritdoc/>
    public void Begins()
    {
        _first.Begins();
        _second.Begins();
    }

    /// <inheritdoc/>
    public void Translated(TranslatedRegion region)
    {
        _first.Translated(region);
        _second.Translated(region);
    }
}

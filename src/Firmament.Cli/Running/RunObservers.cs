using Firmament.Cli.Options;
using Firmament.Cli.Tracing;
using Firmament.Cli.Tracing.Perfetto;
using Firmament.Core;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Cli.Running;

/// <summary>Who looks at a run: the trace, a profile, a time line; and the files they write.</summary>
internal sealed class RunObservers : IDisposable
{
    private readonly ProfileFile? _profile;
    private readonly PerfettoTrace? _perfetto;

    /// <summary>Makes what a plan asks for; no file is opened yet.</summary>
    /// <exception cref="UserErrorException">The profile has no symbols.</exception>
    public RunObservers(RunPlan plan, ITraceSink trace)
    {
        _profile = ProfileFile.For(plan);
        Configuration = plan.Configuration;
        TraceSink = trace;
        if (plan.Perfetto != null)
        {
            _perfetto = new PerfettoTrace(plan.Perfetto, plan.Configuration.Machine);
            TraceSink = new SplitTraceSink(trace, Configuration.Trace, _perfetto, PerfettoTrace.Categories);
            Configuration = Configuration with { Trace = Configuration.Trace | PerfettoTrace.Categories };
        }

        Watcher = MachineWatchers.Of(_profile?.Profiler, _perfetto);
    }

    /// <summary>The plan's machine, with the trace events that are wanted.</summary>
    public MachineConfiguration Configuration { get; }

    /// <summary>Takes the trace events.</summary>
    public ITraceSink TraceSink { get; }

    /// <summary>Looks at the machine; null for nobody.</summary>
    public IMachineWatcher? Watcher { get; }

    /// <summary>Looks at the translator; null for nobody.</summary>
    public ITranslationWatcher? TranslationWatcher => _perfetto;

    /// <summary>Opens the files.</summary>
    /// <exception cref="UserErrorException">One cannot be written.</exception>
    public void Start()
    {
        _profile?.Start();
        _perfetto?.Start();
    }

    /// <summary>Writes what is known at the end only.</summary>
    public void Finish(IMachine machine)
    {
        _profile?.Finish();
        _perfetto?.Finish(machine);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _profile?.Dispose();
        _perfetto?.Dispose();
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC;

namespace Firmament.Machines;

/// <summary>The one place where a machine's run loop meets the CPU's own class.</summary>
internal sealed class CpuProcessor(Cpu cpu) : IMachineProcessor
{
    /// <inheritdoc/>
    public bool IsIdle => cpu.StaysIdle;

    /// <inheritdoc/>
    public VirtualTime NextDeadline => cpu.NextDeadline;

    /// <inheritdoc/>
    public uint Version => cpu.Model.Pvr;

    /// <inheritdoc/>
    public ISystemCallInterceptor? Interceptor
    {
        get => cpu.Interceptor;
        set => cpu.Interceptor = value;
    }

    /// <inheritdoc/>
    public ITranslationWatcher? TranslationWatcher
    {
        get => cpu.TranslationWatcher;
        set => cpu.TranslationWatcher = value;
    }

    /// <inheritdoc/>
    public EngineStatistics EngineStatistics => cpu.EngineStatistics;

    /// <inheritdoc/>
    public string? Failure => cpu.IsCheckstopped
        ? "The CPU stopped: it met a machine check with MSR[ME] clear, so it could not tell its guest."
        : null;

    /// <inheritdoc/>
    public ulong Pc
    {
        get => cpu.Pc;
        set => cpu.Pc = value;
    }

    /// <inheritdoc/>
    public ulong Msr
    {
        get => cpu.Msr;
        set => cpu.Msr = value;
    }

    /// <inheritdoc/>
    public ulong Lr
    {
        get => cpu.Lr;
        set => cpu.Lr = value;
    }

    /// <inheritdoc/>
    public int Index => cpu.Index;

    /// <inheritdoc/>
    public bool Is64Bit => cpu.Is64Bit;

    /// <inheritdoc/>
    public long Run(long budget) => cpu.Run(budget);

    /// <inheritdoc/>
    public void SetExternalInterrupt(bool level) => cpu.SetExternalInterrupt(level);

    /// <inheritdoc/>
    public void RequestStop() => cpu.RequestStop();

    /// <inheritdoc/>
    public void Reset() => cpu.Reset();

    /// <inheritdoc/>
    public string StateText() => cpu.StateText();

    /// <inheritdoc/>
    public ulong ReadGpr(int index) => cpu.ReadGpr(index);

    /// <inheritdoc/>
    public void WriteGpr(int index, ulong value) => cpu.WriteGpr(index, value);

    /// <inheritdoc/>
    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress) =>
        cpu.TryTranslate(effectiveAddress, write, out physicalAddress);

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => cpu.Visit(state);

    /// <inheritdoc/>
    public void Dispose() => cpu.Dispose();
}

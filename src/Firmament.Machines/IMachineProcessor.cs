using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC;

namespace Firmament.Machines;

/// <summary>What a machine's run loop needs of its CPU.</summary>
internal interface IMachineProcessor : IProcessor, IStateful, IDisposable
{
    /// <summary>True while the CPU naps and no interrupt it accepts is pending.</summary>
    bool IsIdle { get; }

    /// <summary>When the decrementer next wants attention; <see cref="VirtualTime.Never"/> when it will not.</summary>
    VirtualTime NextDeadline { get; }

    /// <summary>The processor version register.</summary>
    uint Version { get; }

    /// <summary>Looks at each system call before the CPU vectors to it.</summary>
    ISystemCallInterceptor? Interceptor { get; set; }

    /// <summary>What the engine did.</summary>
    EngineStatistics EngineStatistics { get; }

    /// <summary>Sees what the CPU's translator makes; null for nobody.</summary>
    ITranslationWatcher? TranslationWatcher
    {
        get => null;
        set
        {
        }
    }

    /// <summary>A sentence about a state the CPU cannot leave (check stop), or null.</summary>
    string? Failure { get; }

    /// <summary>Executes at most <paramref name="budget"/> instructions; fewer when it idles or is asked to stop.</summary>
    /// <returns>How many retired.</returns>
    long Run(long budget);

    /// <summary>Drives the external interrupt input.</summary>
    void SetExternalInterrupt(bool level);

    /// <summary>Ends the present <see cref="Run"/> after the current instruction. On the machine's thread only.</summary>
    void RequestStop();

    /// <summary>Power-on state.</summary>
    void Reset();

    /// <summary>Registers as text.</summary>
    string StateText();
}

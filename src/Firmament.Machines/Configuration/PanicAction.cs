namespace Firmament.Machines.Configuration;

/// <summary>What happens when the guest reports a panic (RTAS ibm,os-term).</summary>
public enum PanicAction
{
    /// <summary>The run ends with <see cref="StopReason.Panic"/>.</summary>
    Stop,

    /// <summary>The guest goes on.</summary>
    Ignore,
}

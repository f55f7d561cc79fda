namespace Firmament.Machines.Configuration;

/// <summary>How the machine's clock relates to the host's.</summary>
public enum TimeMode
{
    /// <summary>Time follows retired instructions and jumps over idle time: the same input gives the same output.</summary>
    Virtual,

    /// <summary>Time is paced to the host's clock, for interactive use.</summary>
    Host,
}

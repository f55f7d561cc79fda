namespace Firmament.Machines.Configuration;

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>Somebody called <see cref="IMachine.RequestStop"/>; the machine can go on.</summary>
    Stopped,

    /// <summary>The guest powered the machine off.</summary>
    PowerOff,

    /// <summary>The guest reset the machine, and <see cref="MachineConfiguration.NoReboot"/> was set.</summary>
    Reset,

    /// <summary>The client program called exit, with <see cref="StopResult.ExitCode"/>.</summary>
    Exit,

    /// <summary>The guest reported that it panicked.</summary>
    Panic,

    /// <summary>The machine cannot go on (check stop, or an idle CPU that nothing can ever wake); see <see cref="StopResult.Message"/>.</summary>
    Error,
}

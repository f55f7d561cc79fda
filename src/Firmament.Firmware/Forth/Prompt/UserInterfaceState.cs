namespace Firmament.Firmware.Forth.Prompt;

/// <summary>What the user interface wants of its driver.</summary>
public enum UserInterfaceState
{
    /// <summary>It has nothing to do before input arrives, or <see cref="UserInterface.WakeTime"/> comes.</summary>
    Waiting,

    /// <summary>It has more to do: call again.</summary>
    Running,

    /// <summary>A client has the processor, with its registers; the driver must not touch them.</summary>
    Left,
}

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>How a step of the user interface ended.</summary>
public enum UserInterfaceState
{
    /// <summary>It waits for a key.</summary>
    Waiting,

    /// <summary>There is more to do.</summary>
    Running,

    /// <summary>The processor is a client's now.</summary>
    Left,
}

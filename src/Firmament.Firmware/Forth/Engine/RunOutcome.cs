namespace Firmament.Firmware.Forth.Engine;

/// <summary>Why the inner interpreter stopped.</summary>
internal enum RunOutcome
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>What was started came to its end, or threw what nobody caught: <see cref="ForthEngine.Result"/>.</summary>
    Finished,

    /// <summary>The steps it was given are used up; it can go on.</summary>
    OutOfSteps,

    /// <summary>It waits for input or for a time; it can go on.</summary>
    Blocked,

    /// <summary>The processor was given to a client.</summary>
    Left,
}

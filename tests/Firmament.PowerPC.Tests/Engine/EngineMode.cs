namespace Firmament.PowerPC.Tests.Engine;

/// <summary>The ways to run instructions, which must not differ.</summary>
public enum EngineMode
{
    /// <summary>Interpreter whose handlers jump to each other.</summary>
    TailCalls,

    /// <summary>Interpreter whose handlers return to a loop.</summary>
    Loop,

    /// <summary>Every run is translated when it is first entered.</summary>
    Translated,
}

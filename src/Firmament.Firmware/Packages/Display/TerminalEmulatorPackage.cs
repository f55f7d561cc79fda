namespace Firmament.Firmware.Packages.Display;

/// <summary>
/// The support package "terminal-emulator" (IEEE 1275-1994 3.8.4): opened over a display, it passes text and logos on to that display, whose own
/// `write` has the emulator.
/// </summary>
public sealed class TerminalEmulatorPackage : IPackage
{
    private static readonly MethodTable<TerminalEmulatorPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(call.Instance.Parent?.Package is DisplayPackage); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "reset", "--", static (_, call) => call.CallParent("restore"u8) },
        { "write", "addr len -- actual", static (_, call) => call.CallParent("write"u8) },
        { "draw-logo", "line# addr width height --", static (_, call) => call.CallParent("draw-logo"u8) },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);
}

namespace Firmament.Firmware.Packages;

/// <summary>The root node: it opens, because clients open "/" for `call-method`.</summary>
public sealed class RootPackage : IPackage
{
    private static readonly MethodTable<RootPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);
}

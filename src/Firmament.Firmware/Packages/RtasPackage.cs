using Firmament.Firmware.Hypercalls;

namespace Firmament.Firmware.Packages;

/// <summary>The `/rtas` node: puts the few instructions that reach the host where the client wants them (LoPAPR 1.1 7.2.1).</summary>
public sealed class RtasPackage : IPackage
{
    private static readonly MethodTable<RtasPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "instantiate-rtas", "base -- entry", static (_, call) => Instantiate(call) },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private static int Instantiate(MethodCall call)
    {
        uint address = call.Stack.Pop();

        // RTAS runs in real mode, so its base is a physical address whatever the caller's mode.
        if (address % 4 != 0 || !call.Firmware.Physical.TryWrite(address, GuestStub.BuildRtas(call.Firmware.Options.Convention)))
        {
            return CatchResult.InvalidAddress;
        }

        call.Stack.Push(address);
        return CatchResult.Ok;
    }
}

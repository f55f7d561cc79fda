namespace Firmament.Firmware.Packages;

/// <summary>The memory node (IEEE 1275-1994 3.7.6): claims and releases physical memory.</summary>
public sealed class MemoryPackage : IPackage
{
    private static readonly MethodTable<MemoryPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "claim", "size align -- base", static (_, call) => Claim(call.Firmware.Memory, call) },
        { "release", "addr size --", static (_, call) => Release(call) },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    /// <summary>( [addr] size align -- base ): addr is there only when align is 0.</summary>
    internal static int Claim(MemoryAllocator memory, MethodCall call)
    {
        uint alignment = call.Stack.Pop();
        uint size = call.Stack.Pop();
        ulong address = alignment == 0 ? call.Stack.Pop() : 0;
        bool ok = alignment == 0 ? memory.TryClaim(address, size) : memory.TryClaimAligned(size, alignment, out address);
        if (!ok)
        {
            return CatchResult.Abort;
        }

        call.Stack.Push((uint)address);
        return CatchResult.Ok;
    }

    private static int Release(MethodCall call)
    {
        uint size = call.Stack.Pop();
        uint address = call.Stack.Pop();
        return call.Firmware.TryRelease(address, size) ? CatchResult.Ok : CatchResult.Abort;
    }
}

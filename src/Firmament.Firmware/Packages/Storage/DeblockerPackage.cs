namespace Firmament.Firmware.Packages.Storage;

/// <summary>The support package "deblocker" (IEEE 1275-1994 3.8.2): bytes of a parent that has blocks. The parent has `block-size`, `max-transfer` and `read-blocks`.</summary>
public sealed class DeblockerPackage : IPackage
{
    private const int Buffer = 0;
    private const uint Failed = uint.MaxValue;

    private static readonly MethodTable<DeblockerPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(Open(call)); return CatchResult.Ok; } },
        { "close", "--", static (_, call) => Close(call) },
        { "read", "addr len -- actual", static (_, call) => Transfer(call, write: false) },
        { "write", "addr len -- actual", static (_, call) => Transfer(call, write: true) },
        { "seek", "pos.lo pos.hi -- status", static (_, call) => Seek(call) },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private static bool Open(MethodCall call) =>
        call.Instance.Parent is { } parent && call.Firmware.HasMethod(parent.Node, "read-blocks"u8)
        && call.Firmware.Memory.TryClaimHighest(ByteTransfer.BufferBytes, 4096, out call.Instance.Slots[Buffer]);

    private static int Close(MethodCall call)
    {
        _ = call.Firmware.Memory.TryRelease(call.Instance.Slots[Buffer], ByteTransfer.BufferBytes);
        return CatchResult.Ok;
    }

    private static int Transfer(MethodCall call, bool write)
    {
        uint length = call.Stack.Pop();
        uint address = call.Stack.Pop();
        ByteTransfer bytes = new(new ParentBlocks(call.Firmware, call.Instance.Parent!), call.Firmware.Platform.Ram, call.Instance.Slots[Buffer]);
        ulong position = call.Instance.Position;
        ulong wanted = (ulong)Math.Clamp(bytes.Length - (long)Math.Min(position, long.MaxValue), 0, length);
        ulong done = write
            ? bytes.Write((long)position, call.Space, address, wanted)
            : bytes.Read((long)position, call.Space, address, wanted);
        call.Instance.Position += done;
        call.Stack.Push(done == 0 && wanted != 0 ? Failed : (uint)done);
        return CatchResult.Ok;
    }

    private static int Seek(MethodCall call)
    {
        call.Instance.Position = call.Stack.PopDouble();
        call.Stack.Push(0u);
        return CatchResult.Ok;
    }
}

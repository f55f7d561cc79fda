using Firmament.Firmware.Booting;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>The support package "disk-label" (IEEE 1275-1994 3.8.1): partitions and files of a parent that has `seek` and `read`.</summary>
public sealed class DiskLabelPackage : IPackage
{
    private const int Buffer = 0;
    private const int Start = 1;

    private static readonly MethodTable<DiskLabelPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(Open(call)); return CatchResult.Ok; } },
        { "close", "--", static (_, call) => Close(call) },
        { "load", "addr -- size", static (_, call) => Load(call) },
        { "offset", "d.rel -- d.abs", static (_, call) => Offset(call) },
    };

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private static ParentBytes? Source(MethodCall call) =>
        call.Instance.Parent is { } parent ? new ParentBytes(call.Firmware, parent, call.Instance.Slots[Buffer]) : null;

    private static DiskVolume? Volume(MethodCall call)
    {
        if (call.Instance.Cache == null && Source(call) is { } source)
        {
            call.Instance.Cache = DiskVolume.Open(source, VolumeArguments.Parse(call.Instance.Arguments));
        }

        return (DiskVolume?)call.Instance.Cache;
    }

    private static bool Open(MethodCall call)
    {
        if (!call.Firmware.Memory.TryClaimHighest(ByteTransfer.BufferBytes, 4096, out call.Instance.Slots[Buffer]))
        {
            return false;
        }

        if (Volume(call) is { } volume)
        {
            call.Instance.Slots[Start] = (ulong)volume.Start;
            return true;
        }

        return Close(call) != CatchResult.Ok;
    }

    private static int Close(MethodCall call)
    {
        _ = call.Firmware.Memory.TryRelease(call.Instance.Slots[Buffer], ByteTransfer.BufferBytes);
        return CatchResult.Ok;
    }

    private static int Load(MethodCall call)
    {
        uint address = call.Stack.Pop();
        BootProgram? program = Source(call) is { } source
            ? Volume(call)?.FindProgram(source, call.Instance.Parent!.Node.Path, VolumeArguments.Parse(call.Instance.Arguments), null)
            : null;
        return BootProgram.LoadMethod(program, call, address);
    }

    private static int Offset(MethodCall call)
    {
        call.Stack.PushDouble(call.Stack.PopDouble() + call.Instance.Slots[Start]);
        return CatchResult.Ok;
    }
}

using Firmament.DeviceTree.Paths;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.ClientInterface;

/// <content>Device I/O and memory services, IEEE 1275-1994 6.3.2.3 and 6.3.2.4.</content>
public sealed partial class ClientServices
{
    private uint Open(CallBlock call) =>
        TryResolve(call, 0, out DeviceResolution? path) ? _firmware.Open(path, call.Space)?.Ihandle ?? 0 : 0;

    private uint Close(CallBlock call)
    {
        _firmware.Close(InstanceOf(call[0]), call.Space);
        return 0;
    }

    /// <summary>`read` and `write` are the methods of those names; −1 without one, or when it fails.</summary>
    private uint Transfer(CallBlock call, ReadOnlySpan<byte> method)
    {
        _stack.Clear();
        _stack.Push(call[1]);
        _stack.Push(call[2]);
        return RunForOne(call.Space, call[0], method);
    }

    /// <summary>The service takes the high half first, the method ( pos.lo pos.hi -- status ).</summary>
    private uint Seek(CallBlock call)
    {
        _stack.Clear();
        _stack.Push(call[2]);
        _stack.Push(call[1]);
        return RunForOne(call.Space, call[0], "seek"u8);
    }

    private uint AskInstance(uint ihandle, ReadOnlySpan<byte> method)
    {
        _stack.Clear();
        return RunForOne(_firmware.Physical, ihandle, method);
    }

    private uint RunForOne(GuestAddressSpace space, uint ihandle, ReadOnlySpan<byte> method)
    {
        if (InstanceOf(ihandle) is not { } instance)
        {
            return Failed;
        }

        int result = _firmware.CallMethod(instance, method, space, _stack);
        return result == CatchResult.Ok && _stack.Depth > 0 ? _stack.Pop() : Failed;
    }

    /// <summary>Virtual is physical: align 0 claims exactly [virt, virt + size), anything else the lowest aligned block.</summary>
    private uint Claim(uint virt, uint size, uint align)
    {
        ulong start = virt;
        bool ok = align == 0 ? _firmware.Memory.TryClaim(start, size) : _firmware.Memory.TryClaimAligned(size, align, out start);
        return ok ? (uint)start : Failed;
    }

    private uint Release(uint virt, uint size)
    {
        if (!_firmware.TryRelease(virt, size))
        {
            Platform.Tracer.GuestError("client", $"release of 0x{virt:x}, size 0x{size:x}: nothing was released");
        }

        return 0;
    }
}

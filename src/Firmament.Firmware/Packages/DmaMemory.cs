namespace Firmament.Firmware.Packages;

/// <summary>Memory that a client shares with a device: the methods `dma-alloc` and `dma-free` of every kind of device (IEEE 1275-1994 3.6.3).</summary>
internal static class DmaMemory
{
    private const uint Alignment = 4096;

    /// <summary>( size -- virt )</summary>
    public static int Allocate(MethodCall call)
    {
        uint size = call.Stack.Pop();
        if (!call.Firmware.Memory.TryClaimAligned(RoundUp(size), Alignment, out ulong address))
        {
            return CatchResult.Abort;
        }

        call.Stack.Push((uint)address);
        return CatchResult.Ok;
    }

    /// <summary>( virt size -- )</summary>
    public static int Free(MethodCall call)
    {
        uint size = call.Stack.Pop();
        uint address = call.Stack.Pop();
        return call.Firmware.TryRelease(address, RoundUp(size)) ? CatchResult.Ok : CatchResult.Abort;
    }

    private static ulong RoundUp(uint size) => ((ulong)size + Alignment - 1) & ~(ulong)(Alignment - 1);
}

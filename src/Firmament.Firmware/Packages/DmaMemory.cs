namespace Firmament.Firmware.Packages;

/// <summary>`dma-alloc` and `dma-free` (IEEE 1275-1994 3.8.1): whole pages of claimed memory.</summary>
internal static class DmaMemory
{
    private const uint PageSize = 4096;

    /// <summary>( size -- virt ).</summary>
    public static int Allocate(MethodCall call)
    {
        uint size = call.Stack.Pop();
        if (!call.Firmware.Memory.TryClaimAligned(Rounded(size), PageSize, out ulong address))
        {
            return CatchResult.Abort;
        }

        call.Stack.Push((uint)address);
        return CatchResult.Ok;
    }

    /// <summary>( virt size -- ).</summary>
    public static int Free(MethodCall call)
    {
        uint size = call.Stack.Pop();
        uint address = call.Stack.Pop();
        return call.Firmware.TryRelease(address, Rounded(size)) ? CatchResult.Ok : CatchResult.Abort;
    }

    private static ulong Rounded(uint size) => ((ulong)size + PageSize - 1) & ~(ulong)(PageSize - 1);
}

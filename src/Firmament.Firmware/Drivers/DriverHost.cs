using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Firmware.Drivers;

/// <summary>What every driver needs of the firmware it is part of: memory, time, and a place to complain.</summary>
/// <param name="platform">The machine.</param>
/// <param name="memory">The firmware's allocator; what drivers claim there the client does not get.</param>
public sealed class DriverHost(IFirmwarePlatform platform, MemoryAllocator memory)
{
    /// <summary>Longer than any device here takes for a command, and short enough for a user to wait for.</summary>
    public static readonly VirtualTime CommandLimit = VirtualTime.FromSeconds(5);

    private static readonly VirtualTime FirstStep = VirtualTime.FromMicroseconds(1);
    private static readonly VirtualTime LongestStep = VirtualTime.FromMilliseconds(1);

    /// <summary>Guest RAM.</summary>
    public GuestMemory Ram => platform.Ram;

    /// <summary>Lets virtual time pass until a device is done. The time of the first look is free: most devices finish within the access that starts them.</summary>
    /// <param name="device">Handed to <paramref name="isDone"/>.</param>
    /// <param name="isDone">The test.</param>
    /// <param name="limit">How long at most.</param>
    /// <returns>False after <paramref name="limit"/>, or when the run is asked to stop.</returns>
    public bool WaitUntil<T>(T device, Func<T, bool> isDone, VirtualTime limit)
    {
        if (isDone(device))
        {
            return true;
        }

        VirtualTime deadline = platform.Now + limit;
        VirtualTime step = FirstStep;
        while (platform.Now < deadline)
        {
            if (!platform.Wait(step))
            {
                return false;
            }

            if (isDone(device))
            {
                return true;
            }

            step = step < LongestStep ? step + step : LongestStep;
        }

        return false;
    }

    /// <summary>Lets a moment of virtual time pass. False when the run is asked to stop.</summary>
    public bool Pause(VirtualTime duration) => platform.Wait(duration);

    /// <summary>Writes a trace line about a device that did not do what was asked of it.</summary>
    public void Report(string device, string problem) =>
        platform.Tracer.Write(TraceCategory.Firmware, device, "driver", [new KeyValuePair<string, string>("problem", problem)]);

    /// <summary>
    /// Claims whole pages, cleared, as high as there are some: clients are linked low, and claim what they are linked at.
    /// </summary>
    /// <param name="size">Bytes, a multiple of the page.</param>
    /// <param name="start">Physical address of the first.</param>
    public bool TryClaim(ulong size, out ulong start)
    {
        const ulong PageMask = GuestMemory.PageSize - 1;
        for (int i = memory.Free.Count - 1; i >= 0; i--)
        {
            MemoryRange range = memory.Free[i];
            ulong first = (range.Start + PageMask) & ~PageMask;
            ulong last = range.End & ~PageMask;
            if (last >= first && last - first >= size && last - size != 0 && memory.TryClaim(last - size, size))
            {
                start = last - size;
                _ = Ram.TryFill(new PhysicalAddress(start), size, 0);
                return true;
            }
        }

        start = 0;
        return false;
    }

    /// <summary>Gives pages back.</summary>
    public void Release(ulong start, ulong size) => _ = memory.TryRelease(start, size);
}

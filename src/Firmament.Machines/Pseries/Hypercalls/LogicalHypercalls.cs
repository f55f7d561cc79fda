using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// Hypercalls on logical real addresses, for code that runs before it can map them: loads and stores, cache operations, and filling a page
/// (LoPAPR 1.1 14.5.4.4 and 14.5.4.2.9).
/// </summary>
/// <param name="map">The partition's real address space.</param>
internal sealed class LogicalHypercalls(MemoryMap map)
{
    private const ulong PageSize = 4096;
    private const ulong InvalidateInstructions = 0x80_0000;
    private const ulong SynchronizeInstructions = 0x40_0000;
    private const ulong ZeroPage = 0x8000;
    private const ulong CopyPage = 0x4000;
    private const ulong KnownFlags = InvalidateInstructions | SynchronizeInstructions | ZeroPage | CopyPage;

    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x2c, "H_PAGE_INIT", 3, 0, InitialisePage);
        table.Add(0x3c, "H_LOGICAL_CI_LOAD", 2, 1, Load);
        table.Add(0x40, "H_LOGICAL_CI_STORE", 3, 0, Store);
        table.Add(0x44, "H_LOGICAL_CACHE_LOAD", 2, 1, Load);
        table.Add(0x48, "H_LOGICAL_CACHE_STORE", 3, 0, Store);

        // Memory and caches never differ here; decoded code is dropped when its bytes change.
        table.Add(0x4c, "H_LOGICAL_ICBI", 1, 0, static _ => PaprStatus.Success);
        table.Add(0x50, "H_LOGICAL_DCBF", 1, 0, static _ => PaprStatus.Success);
    }

    private long InitialisePage(HypercallCall call)
    {
        (ulong flags, ulong destination, ulong source) = (call[0], call[1], call[2]);
        if ((flags & ~KnownFlags) != 0 || destination % PageSize != 0 || !map.Ram.Contains(destination, PageSize))
        {
            return PaprStatus.Parameter;
        }

        if ((flags & CopyPage) != 0)
        {
            if (source % PageSize != 0 || !map.Ram.TrySlice(new PhysicalAddress(source), PageSize, out ReadOnlySpan<byte> bytes))
            {
                return PaprStatus.Parameter;
            }

            _ = map.Ram.TryWrite(new PhysicalAddress(destination), bytes);
        }
        else if ((flags & ZeroPage) != 0)
        {
            _ = map.Ram.TryFill(new PhysicalAddress(destination), PageSize, 0);
        }

        return PaprStatus.Success;
    }

    private long Load(HypercallCall call)
    {
        if (call[0] is not (1 or 2 or 4 or 8))
        {
            return PaprStatus.Parameter;
        }

        ulong value = map.Read(new PhysicalAddress(call[1]), (int)call[0], out bool answered);
        if (!answered)
        {
            return PaprStatus.Parameter;
        }

        call.Return(0, value);
        return PaprStatus.Success;
    }

    private long Store(HypercallCall call) =>
        call[0] is 1 or 2 or 4 or 8 && map.Write(new PhysicalAddress(call[1]), call[2], (int)call[0])
            ? PaprStatus.Success
            : PaprStatus.Parameter;
}

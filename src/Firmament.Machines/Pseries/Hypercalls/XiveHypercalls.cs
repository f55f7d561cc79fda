using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Devices.Interrupts;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// The hypercalls of XIVE exploitation mode (PAPR's H_INT group). All answer H_FUNCTION while XICS is the partition's controller.
/// </summary>
/// <remarks>Not modelled: reporting lines, so their two calls always answer H_FUNCTION.</remarks>
/// <param name="interrupts">The machine's interrupts.</param>
internal sealed class XiveHypercalls(PseriesInterrupts interrupts)
{
    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        AddSourceCalls(table);
        AddQueueCalls(table);
        Add(table, 0x3c0, "H_INT_SET_OS_REPORTING_LINE", 2, 0, static (_, _) => PaprStatus.Function);
        Add(table, 0x3c4, "H_INT_GET_OS_REPORTING_LINE", 2, 1, static (_, _) => PaprStatus.Function);
        Add(table, 0x3d0, "H_INT_RESET", 1, 0, static (xive, call) => xive.Reset(call[0]));
    }

    private void AddSourceCalls(HypercallTable table)
    {
        Add(table, 0x3a8, "H_INT_GET_SOURCE_INFO", 2, 4, static (xive, call) =>
        {
            long status = xive.GetSourceInfo(call[0], call[1], out XiveSourceInfo info);
            return Return(call, status, info.Flags, info.ManagementPage, info.TriggerPage, info.PageShift);
        });
        Add(table, 0x3ac, "H_INT_SET_SOURCE_CONFIG", 5, 0, static (xive, call) => xive.SetSource(call[0], call[1], call[2], call[3], call[4]));
        Add(table, 0x3b0, "H_INT_GET_SOURCE_CONFIG", 2, 3, static (xive, call) =>
        {
            long status = xive.GetSource(call[0], call[1], out XiveSourceTarget target);
            return Return(call, status, target.Server, target.Priority, target.EffectiveNumber);
        });
        Add(table, 0x3c8, "H_INT_ESB", 4, 1, static (xive, call) =>
        {
            long status = xive.AccessEventState(call[0], call[1], call[2], call[3], out ulong loaded);
            return Return(call, status, loaded);
        });
        Add(table, 0x3cc, "H_INT_SYNC", 2, 0, static (xive, call) => xive.Synchronize(call[0], call[1]));
    }

    private void AddQueueCalls(HypercallTable table)
    {
        Add(table, 0x3b4, "H_INT_GET_QUEUE_INFO", 3, 2, static (xive, call) =>
        {
            long status = xive.GetQueueInfo(call[0], call[1], call[2], out ulong page, out ulong pageShift);
            return Return(call, status, page, pageShift);
        });
        Add(table, 0x3b8, "H_INT_SET_QUEUE_CONFIG", 5, 0, static (xive, call) => xive.SetQueue(call[0], call[1], call[2], call[3], call[4]));
        Add(table, 0x3bc, "H_INT_GET_QUEUE_CONFIG", 3, 4, static (xive, call) =>
        {
            long status = xive.GetQueue(call[0], call[1], call[2], out XiveQueueConfiguration queue);
            return Return(call, status, queue.Flags, queue.Address, queue.SizeShift, queue.Index);
        });
    }

    // A call that fails leaves the result registers as they are.
    private static long Return(HypercallCall call, long status, params ReadOnlySpan<ulong> results)
    {
        for (int i = 0; status == PaprStatus.Success && i < results.Length; i++)
        {
            call.Return(i, results[i]);
        }

        return status;
    }

    private void Add(HypercallTable table, uint number, string name, int arguments, int results, Func<XiveController, HypercallCall, long> body) =>
        table.Add(number, name, arguments, results, call =>
            interrupts.Mode == InterruptMode.Xive ? body(interrupts.Xive, call) : PaprStatus.Function);
}

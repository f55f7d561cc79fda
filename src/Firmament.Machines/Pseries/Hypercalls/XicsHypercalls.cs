using Firmament.Core.Hypercalls;
using Firmament.Devices.Interrupts;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// The hypercalls of XICS (LoPAPR 1.1 14.5): a CPU's presenter. All answer H_FUNCTION while XIVE is the partition's controller.
/// </summary>
/// <param name="interrupts">The machine's interrupts.</param>
/// <param name="timeBase">The time base now, for H_XIRR_X.</param>
internal sealed class XicsHypercalls(PseriesInterrupts interrupts, Func<ulong> timeBase)
{
    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        Add(table, 0x64, "H_EOI", 1, 0, static (xics, cpu, call) => xics.EndOfInterrupt(cpu, (uint)call[0]));
        Add(table, 0x68, "H_CPPR", 1, 0, static (xics, cpu, call) =>
        {
            xics.SetCurrentPriority(cpu, (byte)call[0]);
            return PaprStatus.Success;
        });
        Add(table, 0x6c, "H_IPI", 2, 0, static (xics, _, call) => xics.SetRequestPriority(call[0], (byte)call[1]));
        Add(table, 0x70, "H_IPOLL", 1, 2, static (xics, _, call) =>
        {
            long status = xics.Poll(call[0], out uint xirr, out byte mfrr);
            if (status == PaprStatus.Success)
            {
                call.Return(0, xirr);
                call.Return(1, mfrr);
            }

            return status;
        });
        // The CPPR in the argument is what the OS believes to be current; the presenter's own is the truth.
        Add(table, 0x74, "H_XIRR", 1, 1, static (xics, cpu, call) =>
        {
            call.Return(0, xics.Accept(cpu));
            return PaprStatus.Success;
        });
        Add(table, 0x2fc, "H_XIRR_X", 1, 2, (xics, cpu, call) =>
        {
            call.Return(0, xics.Accept(cpu));
            call.Return(1, timeBase());
            return PaprStatus.Success;
        });
    }

    private void Add(
        HypercallTable table, uint number, string name, int arguments, int results, Func<XicsController, int, HypercallCall, long> body) =>
        table.Add(number, name, arguments, results, call =>
            interrupts.Mode == PseriesInterruptMode.Xics && (uint)call.Processor.Index < (uint)interrupts.Xics.Servers
                ? body(interrupts.Xics, call.Processor.Index, call)
                : PaprStatus.Hardware); // as QEMU: there is the call, and no controller behind it
}

using Firmament.Core.Memory;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The thread interrupt management area (TIMA): four 64 KiB pages at one address for all CPUs, where each sees its own context. The OS page
/// (the third) is a partition's; the hardware, hypervisor and user pages answer nothing.
/// </summary>
/// <remarks>
/// Loads of registers may have any size. Not modelled: event-based branches (the user ring) and reporting lines (a store at 0xc10).
/// </remarks>
/// <param name="controller">Whose contexts.</param>
/// <param name="currentCpu">The CPU that makes the access.</param>
/// <param name="tracer">For guest errors.</param>
internal sealed class XiveThreadPages(XiveController controller, Func<int> currentCpu, Tracer tracer) : IMmioTarget
{
    private const ulong OsPage = 2;
    private const int OsRing = 0x10;
    private const int CurrentPriority = OsRing + 1;
    private const int AcknowledgeOs = 0x810;
    private const int SetOsPending = 0x812;

    // What of an offset selects something: 0x800 and 0x400 say "with side effects", the low 6 bits are ring and register.
    private const int OffsetMask = 0xc3f;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (Context(offset) is { } context && (offset & (ulong)(size - 1)) == 0)
        {
            int register = (int)offset & OffsetMask;
            if (register == AcknowledgeOs && size == 2)
            {
                return context.Acknowledge();
            }

            if (IsOsRing(register))
            {
                ulong value = 0;
                for (int i = 0; i < size; i++)
                {
                    value = (value << 8) | context.Register(register + i - OsRing);
                }

                return value;
            }
        }

        tracer.GuestError("xive", $"load of {size} bytes at 0x{offset:x} of the thread management area");
        return ulong.MaxValue >> (64 - (8 * size));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (Context(offset) is { } context && (offset & (ulong)(size - 1)) == 0)
        {
            int register = (int)offset & OffsetMask;
            if (register == SetOsPending && size == 1)
            {
                context.SetPending((byte)value);
                return;
            }

            if (IsOsRing(register) && register <= CurrentPriority && CurrentPriority < register + size)
            {
                // CPPR is the only register that the OS may store to; of a wider store the rest is read only.
                context.SetCurrentPriority((byte)(value >> (8 * (register + size - 1 - CurrentPriority))));
                return;
            }
        }

        tracer.GuestError("xive", $"store of {size} bytes at 0x{offset:x} of the thread management area");
    }

    private static bool IsOsRing(int register) => (register & ~0xf) == OsRing;

    private XiveThreadContext? Context(ulong offset) =>
        offset >> XiveController.PageShift == OsPage ? controller.ActiveContext(currentCpu()) : null;
}

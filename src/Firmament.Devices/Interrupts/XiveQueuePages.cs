using Firmament.Core.Memory;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The event state buffer pages of the queues: for each a 64 KiB page of the notification state bits, then one of the escalation's. An OS
/// that asked for coalesced notifications ends them here. Loads only, 8 bytes, aligned.
/// </summary>
/// <param name="controller">Whose queues.</param>
/// <param name="tracer">For guest errors.</param>
internal sealed class XiveQueuePages(XiveController controller, Tracer tracer) : IMmioTarget
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong page = offset >> XiveController.PageShift;
        if (size == 8 && (offset & 7) == 0 && controller.TryLoadQueueState(page >> 1, (page & 1) != 0, offset & 0xfff, out ulong value))
        {
            return value;
        }

        tracer.GuestError("xive", $"load of {size} bytes at 0x{offset:x} of the queues' event state buffers");
        return ulong.MaxValue >> (64 - (8 * size));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size) =>
        tracer.GuestError("xive", $"store of {size} bytes at 0x{offset:x} of the queues' event state buffers, which are read only");
}

using Firmament.Core.Memory;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The event state buffer (ESB) pages of the sources: for each a 64 KiB page that triggers on any store, then one that manages. Accesses
/// have 8 bytes and are aligned.
/// </summary>
/// <param name="controller">Whose sources.</param>
/// <param name="tracer">For guest errors.</param>
internal sealed class XiveSourcePages(XiveController controller, Tracer tracer) : IMmioTarget
{
    private const ulong PageMask = (1UL << XiveController.PageShift) - 1;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (!TryFind(offset, size, out int number, out bool isManagement) || !isManagement)
        {
            tracer.GuestError("xive", $"load of {size} bytes at 0x{offset:x} of the event state buffers");
            return ulong.MaxValue >> (64 - (8 * size));
        }

        return controller.LoadEventState(number, offset & PageMask);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (!TryFind(offset, size, out int number, out bool isManagement)
            || !controller.StoreEventState(number, isManagement ? offset & PageMask : 0))
        {
            tracer.GuestError("xive", $"store of {size} bytes at 0x{offset:x} of the event state buffers");
        }
    }

    private bool TryFind(ulong offset, int size, out int number, out bool isManagement)
    {
        ulong page = offset >> XiveController.PageShift;
        isManagement = (page & 1) != 0;
        number = (int)(page >> 1);
        return size == 8 && (offset & 7) == 0 && controller.IsActive && controller.HasSource(page >> 1);
    }
}

using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>The legacy layout: a header in I/O BAR 0, rings of a fixed size and in the guest's own byte order. Source: virtio 1.1, 4.1.4.8, 2.6.2.</summary>
internal sealed class VirtioLegacyPort(IPciFunctionAccess function, Endianness guestOrder) : IVirtioPort
{
    private const int Bar = 0;
    private const uint Offered = 0x00;
    private const uint Accepted = 0x04;
    private const uint QueueAddress = 0x08;
    private const uint Entries = 0x0c;
    private const uint QueueSelect = 0x0e;
    private const uint QueueNotify = 0x10;
    private const uint DeviceStatus = 0x12;
    private const uint Configuration = 0x14;

    /// <inheritdoc/>
    public byte Status
    {
        get => (byte)function.Read(Bar, DeviceStatus, 1);
        set => function.Write(Bar, DeviceStatus, value, 1);
    }

    /// <inheritdoc/>
    public Endianness Order => guestOrder;

    /// <inheritdoc/>
    public ulong OfferedFeatures => function.Read(Bar, Offered, 4);

    /// <inheritdoc/>
    public void Accept(ulong features) => function.Write(Bar, Accepted, (uint)features, 4);

    /// <inheritdoc/>
    public ushort QueueSize(int queue)
    {
        function.Write(Bar, QueueSelect, (uint)queue, 2);
        return (ushort)function.Read(Bar, Entries, 2);
    }

    /// <inheritdoc/>
    public ushort ChooseSize(int queue, ushort wanted) => QueueSize(queue);

    /// <inheritdoc/>
    public bool TryPlaceQueue(int queue, ushort size, ulong descriptors, ulong available, ulong used)
    {
        // The device computes the other two addresses; VirtioRing places them there.
        const int PageShift = 12;
        if (descriptors >> PageShift > uint.MaxValue)
        {
            return false;
        }

        function.Write(Bar, QueueSelect, (uint)queue, 2);
        function.Write(Bar, QueueAddress, (uint)(descriptors >> PageShift), 4);
        return true;
    }

    /// <inheritdoc/>
    public void Notify(int queue) => function.Write(Bar, QueueNotify, (uint)queue, 2);

    /// <inheritdoc/>
    public uint ReadConfiguration(uint offset, int size)
    {
        uint value = function.Read(Bar, Configuration + offset, size);
        // The port is little-endian, what the device put there is not.
        return guestOrder == Endianness.Little ? value : BinaryPrimitives.ReverseEndianness(value) >> (32 - (8 * size));
    }
}

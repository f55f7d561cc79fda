using Firmament.Core.Memory;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>The registers of a virtio device on PCI, in either layout. Source: virtio 1.1, 4.1.4.</summary>
internal interface IVirtioPort
{
    /// <summary>The device status register; writing 0 resets the device.</summary>
    byte Status { get; set; }

    /// <summary>The byte order of rings, requests and configuration space.</summary>
    Endianness Order { get; }

    /// <summary>What the device offers.</summary>
    ulong OfferedFeatures { get; }

    /// <summary>Tells the device what of that is used.</summary>
    void Accept(ulong features);

    /// <summary>Entries the device has in a queue; 0 where there is no such queue.</summary>
    ushort QueueSize(int queue);

    /// <summary>The entries that a queue gets when a driver would like <paramref name="wanted"/>.</summary>
    ushort ChooseSize(int queue, ushort wanted);

    /// <summary>Gives a queue its rings. False where they cannot be there.</summary>
    bool TryPlaceQueue(int queue, ushort size, ulong descriptors, ulong available, ulong used);

    /// <summary>Tells the device of new buffers.</summary>
    void Notify(int queue);

    /// <summary>Reads the device's part of the configuration space: 1, 2 or 4 bytes.</summary>
    uint ReadConfiguration(uint offset, int size);
}

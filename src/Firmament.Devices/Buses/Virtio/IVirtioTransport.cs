using Firmament.Core.Memory;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>What a virtio device asks of the bus it sits on.</summary>
public interface IVirtioTransport
{
    /// <summary>Guest memory.</summary>
    IDmaSpace Dma { get; }

    /// <summary>The features both sides agreed on, transport ones included.</summary>
    ulong Features { get; }

    /// <summary>Byte order of the device's structures: little-endian, but the guest's own for a legacy driver.</summary>
    Endianness Order { get; }

    /// <summary>True while the driver has declared itself ready and the device is not broken.</summary>
    bool IsRunning { get; }

    /// <summary>Interrupts the driver for used buffers of a queue.</summary>
    void InterruptQueue(int queue);

    /// <summary>Interrupts the driver for a change of the configuration space.</summary>
    void InterruptConfiguration();

    /// <summary>Sets DEVICE_NEEDS_RESET and traces why; nothing is processed until the driver resets the device.</summary>
    void Break(string why);
}

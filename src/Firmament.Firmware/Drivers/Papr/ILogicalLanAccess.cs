namespace Firmament.Firmware.Drivers.Papr;

/// <summary>One logical LAN adapter, as hypercalls reach it; every number is a PAPR status. Source: LoPAPR 1.1 16.4.</summary>
public interface ILogicalLanAccess
{
    /// <summary>"name@unit", for traces.</summary>
    string Name { get; }

    /// <summary>Its DMA window.</summary>
    IDmaMapper Dma { get; }

    /// <summary>H_REGISTER_LOGICAL_LAN.</summary>
    /// <param name="bufferList">I/O address of a page.</param>
    /// <param name="queue">Descriptor of the receive queue.</param>
    /// <param name="filterList">I/O address of a page.</param>
    /// <param name="mac">The address, in the low 48 bits.</param>
    long Register(ulong bufferList, ulong queue, ulong filterList, ulong mac);

    /// <summary>H_FREE_LOGICAL_LAN.</summary>
    long Free();

    /// <summary>H_ADD_LOGICAL_LAN_BUFFER.</summary>
    long AddBuffer(ulong descriptor);

    /// <summary>H_SEND_LOGICAL_LAN, of one piece.</summary>
    long Send(ulong descriptor);
}

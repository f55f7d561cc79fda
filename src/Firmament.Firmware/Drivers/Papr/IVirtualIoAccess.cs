namespace Firmament.Firmware.Drivers.Papr;

/// <summary>One virtual I/O adapter of a partition, as hypercalls reach it; every number is a PAPR status. Source: LoPAPR 1.1 chapter 16.</summary>
public interface IVirtualIoAccess
{
    /// <summary>"name@unit", for traces.</summary>
    string Name { get; }

    /// <summary>Its DMA window.</summary>
    IDmaMapper Dma { get; }

    /// <summary>H_REG_CRQ.</summary>
    /// <param name="queue">I/O address of the queue.</param>
    /// <param name="length">Bytes.</param>
    long RegisterQueue(ulong queue, ulong length);

    /// <summary>H_FREE_CRQ.</summary>
    long FreeQueue();

    /// <summary>H_SEND_CRQ.</summary>
    long Send(ulong high, ulong low);
}

namespace Firmament.Firmware.Drivers.Papr;

/// <summary>A DMA window of a partition, as the hypercalls of hcall-tce reach it. Source: LoPAPR 1.1 14.5.4.2.</summary>
public interface ITceWindow
{
    /// <summary>The first I/O bus address.</summary>
    ulong Start { get; }

    /// <summary>Bytes.</summary>
    ulong Length { get; }

    /// <summary>Log2 of an I/O page's bytes.</summary>
    int PageShift { get; }

    /// <summary>H_PUT_TCE; a PAPR status.</summary>
    long Put(ulong busAddress, ulong entry);

    /// <summary>H_STUFF_TCE; a PAPR status.</summary>
    long Stuff(ulong busAddress, ulong entry, ulong count);
}

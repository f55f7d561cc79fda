using Firmament.Firmware;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// The RTAS services of PCI host bridges (LoPAPR 1.1 7.3.4, 7.3.10.5, 7.3.10.6 and chapter 7's dynamic DMA windows). Arguments are the call's
/// cells as the comment lists them; the returned value is the status, further results are set in the call.
/// </summary>
internal interface IPseriesPciRtas
{
    /// <summary>read-pci-config: address, size → value. There is no bus without a BUID, but a bridge may answer for BUID 0.</summary>
    uint ReadConfig(CallBlock call);

    /// <summary>write-pci-config: address, size, value.</summary>
    uint WriteConfig(CallBlock call);

    /// <summary>ibm,read-pci-config: address, BUID high, BUID low, size → value.</summary>
    uint ReadBridgeConfig(CallBlock call);

    /// <summary>ibm,write-pci-config: address, BUID high, BUID low, size, value.</summary>
    uint WriteBridgeConfig(CallBlock call);

    /// <summary>ibm,query-interrupt-source-number: address, BUID high, BUID low, vector → source, trigger (1 = edge).</summary>
    uint QueryInterruptSource(CallBlock call);

    /// <summary>ibm,change-msi: address, BUID high, BUID low, function, count, sequence → count, next sequence, [type].</summary>
    uint ChangeMsi(CallBlock call);

    /// <summary>ibm,query-pe-dma-window: address, BUID high, BUID low → windows, largest (1 or 2 cells), page sizes, migration.</summary>
    uint QueryDmaWindow(CallBlock call);

    /// <summary>ibm,create-pe-dma-window: address, BUID high, BUID low, page shift, window shift → LIOBN, address high, address low.</summary>
    uint CreateDmaWindow(CallBlock call);

    /// <summary>ibm,remove-pe-dma-window: LIOBN.</summary>
    uint RemoveDmaWindow(CallBlock call);

    /// <summary>ibm,reset-pe-dma-window: address, BUID high, BUID low.</summary>
    uint ResetDmaWindow(CallBlock call);
}

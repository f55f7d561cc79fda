namespace Firmament.Machines.Pseries.Rtas;

/// <summary>The RTAS services of the virtual I/O bus. Each returns an RTAS status.</summary>
internal interface IPseriesVioRtas
{
    /// <summary>ibm,set-tce-bypass: lets a device reach memory without its TCE table, or not.</summary>
    uint SetTceBypass(uint unit, bool enable);

    /// <summary>quiesce: resets DMA and queues of all devices.</summary>
    void Quiesce();
}

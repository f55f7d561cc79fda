namespace Firmament.Machines.Pseries.Rtas;

/// <summary>The RTAS services of the interrupt sources (LoPAPR 1.1 7.3.10). Each returns an RTAS status.</summary>
internal interface IPseriesInterruptRtas
{
    /// <summary>ibm,set-xive: server and priority (0 to 0xff) of a source.</summary>
    uint SetXive(uint source, uint server, uint priority);

    /// <summary>ibm,get-xive.</summary>
    uint GetXive(uint source, out uint server, out uint priority);

    /// <summary>ibm,int-off.</summary>
    uint InterruptOff(uint source);

    /// <summary>ibm,int-on.</summary>
    uint InterruptOn(uint source);
}

namespace Firmament.Devices.Interrupts;

/// <summary>Which interrupt controller a pseries partition uses; client-architecture-support chooses.</summary>
public enum PseriesInterruptMode
{
    /// <summary>The PowerPC External Interrupt architecture, driven by hypercalls and RTAS (LoPAPR 1.1 chapter 14).</summary>
    Xics,

    /// <summary>XIVE exploitation mode: event queues in memory, memory-mapped event state buffers and thread context.</summary>
    Xive,
}

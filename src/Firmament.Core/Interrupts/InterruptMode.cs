namespace Firmament.Core.Interrupts;

/// <summary>Which interrupt controller a partition's operating system drives; client architecture support chooses.</summary>
public enum InterruptMode
{
    /// <summary>The PowerPC External Interrupt architecture (XICS), driven by hypercalls and RTAS (LoPAPR 1.1 chapter 14).</summary>
    Xics,

    /// <summary>XIVE exploitation mode: event queues in memory, memory-mapped event state buffers and thread context.</summary>
    Xive,
}

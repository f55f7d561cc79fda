using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>
/// The registers a client program starts with (PowerPC binding to IEEE 1275, 8.2.1). Registers not named here are 0.
/// </summary>
/// <param name="Pc">The entry point.</param>
/// <param name="Msr">The machine state.</param>
/// <param name="R1">The stack: 16-byte aligned, back chain 0, at least 32 KiB below it.</param>
/// <param name="R3">Platform defined; in practice the initial RAM disk's address, or 0.</param>
/// <param name="R4">Platform defined; in practice the initial RAM disk's size, or 0.</param>
/// <param name="R5">The client interface handler.</param>
/// <param name="R6">The argument string.</param>
/// <param name="R7">Its length without the NUL.</param>
public readonly record struct EntryState(uint Pc, ulong Msr, uint R1, uint R3, uint R4, uint R5, uint R6, uint R7)
{
    /// <summary>MSR[FP], MSR[ME] and MSR[RI]; interrupts off, real mode, big-endian, 32 bits.</summary>
    /// <remarks>RI because Linux and amigaboot take faults early.</remarks>
    public const ulong RealModeMsr = 0x3002;

    /// <summary>Puts the state into a CPU.</summary>
    public void ApplyTo(IProcessor processor)
    {
        for (int i = 0; i < 32; i++)
        {
            processor.WriteGpr(i, 0);
        }

        processor.WriteGpr(1, R1);
        processor.WriteGpr(3, R3);
        processor.WriteGpr(4, R4);
        processor.WriteGpr(5, R5);
        processor.WriteGpr(6, R6);
        processor.WriteGpr(7, R7);
        processor.Lr = 0;
        processor.Msr = Msr;
        processor.Pc = Pc;
    }
}

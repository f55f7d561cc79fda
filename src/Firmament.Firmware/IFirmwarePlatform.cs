using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Firmware.Nvram;
using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>The machine as its firmware needs it. The machine implements it; the firmware calls it on the machine's thread.</summary>
public interface IFirmwarePlatform
{
    /// <summary>Guest RAM.</summary>
    GuestMemory Ram { get; }

    /// <summary>Where calls are traced and guest errors reported.</summary>
    Tracer Tracer { get; }

    /// <summary>The virtual clock's time.</summary>
    VirtualTime Now { get; }

    /// <summary>Ticks of the time base in a second; greater than 0.</summary>
    ulong TimeBaseFrequency { get; }

    /// <summary>The CPUs, by index.</summary>
    IReadOnlyList<IProcessor> Processors { get; }

    /// <summary>The console the firmware, RTAS display-character and hypervisor log calls use.</summary>
    IFirmwareConsole Console { get; }

    /// <summary>PCI configuration space; null on a machine without PCI.</summary>
    IPciConfiguration? Pci { get; }

    /// <summary>The clock of the time of day; null where there is none.</summary>
    IRealTimeClock? Clock { get; }

    /// <summary>Non-volatile memory; null where there is none.</summary>
    INvram? Nvram { get; }

    /// <summary>
    /// Asks the machine to stop, reset or leave the client. The machine acts before the calling CPU executes another instruction.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="detail">The boot string, or the reason; "" when there is none.</param>
    void Request(PlatformRequest request, string detail);

    /// <summary>Stops DMA, polling and interrupts of devices the firmware uses (client service "quiesce").</summary>
    void Quiesce();

    /// <summary>Lets a CPU wait until an interrupt arrives, or until <paramref name="deadline"/>.</summary>
    void Idle(IProcessor processor, VirtualTime deadline);

    /// <summary>
    /// Lets virtual time pass within one call of the firmware: timers of devices go off and input arrives. For drivers that poll.
    /// </summary>
    /// <param name="duration">How long; less when input arrives before.</param>
    /// <returns>False when the run is asked to stop: give up at once and fail what waits.</returns>
    bool Wait(VirtualTime duration);

    /// <summary>Lets the machine stand after this call until input arrives; the firmware's loop then calls again.</summary>
    /// <param name="took">True when the firmware has taken input since the last time.</param>
    void AwaitInput(bool took);

    /// <summary>Starts a stopped CPU at a physical address with r3 set. False when it does not exist or runs already.</summary>
    bool TryStartProcessor(int index, uint pc, uint r3);

    /// <summary>Stops a CPU until it is started again.</summary>
    void StopProcessor(IProcessor processor);
}

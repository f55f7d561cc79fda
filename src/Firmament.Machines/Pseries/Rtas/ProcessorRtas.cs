using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>RTAS services about CPUs (LoPAPR 1.1 7.3.8).</summary>
/// <param name="processors">The CPUs.</param>
internal sealed class ProcessorRtas(PartitionProcessors processors)
{
    private const uint Stopped = 0;
    private const uint Running = 2;

    /// <summary>query-cpu-stopped-state: CPU → state.</summary>
    public uint QueryStopped(CallBlock call)
    {
        if (processors.Find(call[0]) is not { } processor)
        {
            return RtasStatus.ParameterError;
        }

        call.Return(1, processors.AwaitsStart(processor) ? Stopped : Running);
        return RtasStatus.Success;
    }

    /// <summary>start-cpu: CPU, address, r3. A CPU that runs is a hardware error (LoPAPR 1.1 7.3.8.2).</summary>
    public uint Start(CallBlock call)
    {
        if (processors.Find(call[0]) is not { } processor)
        {
            return RtasStatus.ParameterError;
        }

        return processors.TryStart(processor, processors.Caller(call.Processor), call[1], call[2]) ? RtasStatus.Success : RtasStatus.HardwareError;
    }

    /// <summary>stop-self. The status is there for nobody: the CPU executes nothing until it is started anew.</summary>
    public uint StopSelf(CallBlock call)
    {
        processors.Caller(call.Processor).Stop();
        return RtasStatus.Success;
    }

    /// <summary>ibm,suspend-me: the caller must be the last CPU that runs. Suspending takes no time here, so it has been resumed at once.</summary>
    public uint SuspendMe(CallBlock call)
    {
        IPartitionProcessor caller = processors.Caller(call.Processor);
        return processors.AllOthersStopped(caller) ? RtasStatus.Success : RtasStatus.ThreadsActive;
    }
}

using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Devices.Buses.Spapr;
using Firmament.DeviceTree;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// A virtual I/O adapter of a partition: a unit address, an edge interrupt and, where it does DMA, a window of its own.
/// Source: LoPAPR 1.1 chapter 16; the pseries reference, section 7.
/// </summary>
public abstract class VioDevice : IStateful
{
    private ulong _signalMode;

    /// <summary>The node's name without unit address.</summary>
    public abstract string NodeName { get; }

    /// <summary>device_type of the node.</summary>
    public abstract string DeviceType { get; }

    /// <summary>compatible of the node.</summary>
    public abstract string Compatible { get; }

    /// <summary>The unit address, which hypercalls name it by; set when it is placed on a bus.</summary>
    public uint Reg { get; internal set; }

    /// <summary>"name@unit", for traces and saved state.</summary>
    public string Name => $"{NodeName}@{Reg:x}";

    /// <summary>Its DMA window; null where <see cref="WindowLength"/> is 0.</summary>
    public TceTable? Dma { get; private set; }

    /// <summary>The command/response queue, or null for devices without one.</summary>
    public virtual VioCrq? Crq => null;

    /// <summary>Bytes of the DMA window; 0 for none.</summary>
    protected internal virtual ulong WindowLength => 0;

    /// <summary>The bits H_VIO_SIGNAL may set.</summary>
    protected virtual ulong SignalMask => 0;

    /// <summary>The wire to its interrupt source; edges count.</summary>
    protected InterruptLine Interrupt { get; private set; } = InterruptLine.Unconnected;

    /// <summary>True while the guest wants interrupts for what arrives.</summary>
    protected bool SignalsArrivals { get => (_signalMode & 1) != 0; set => _signalMode = value ? 1u : 0; }

    /// <summary>H_VIO_SIGNAL: which interrupts the guest wants. H_PARAMETER for bits the device does not have.</summary>
    public long Signal(ulong mode)
    {
        if ((mode & ~SignalMask) != 0)
        {
            return PaprStatus.Parameter;
        }

        _signalMode = mode;
        return PaprStatus.Success;
    }

    /// <summary>Ends DMA: every TCE becomes invalid and the queue is gone (RTAS quiesce).</summary>
    public void Quiesce()
    {
        Dma?.Clear();
        Crq?.Free();
    }

    /// <summary>Power-on state.</summary>
    public virtual void Reset()
    {
        Quiesce();
        _signalMode = 0;
    }

    /// <summary>Adds to the node what the bus cannot know.</summary>
    public virtual void Describe(DeviceNode node)
    {
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Field("signal-mode", ref _signalMode);
        if (Crq is { } crq)
        {
            state.Component("crq", crq);
        }
    }

    internal void Connect(uint reg, InterruptLine interrupt, TceTable? dma)
    {
        Reg = reg;
        Interrupt = interrupt;
        Dma = dma;
    }

    /// <summary>Something arrived in the guest's queue: interrupts when the guest wants it.</summary>
    internal void ResponseSent()
    {
        if (SignalsArrivals)
        {
            Pulse();
        }
    }

    /// <summary>An edge on the interrupt wire.</summary>
    protected void Pulse()
    {
        Interrupt.Raise();
        Interrupt.Lower();
    }
}

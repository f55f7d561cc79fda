using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Devices.Buses.Spapr;
using Firmament.DeviceTree;

namespace Firmament.Devices.Buses.Vio;

/// <summary>The virtual I/O adapters of a partition by unit address. Source: LoPAPR 1.1 16.1; the pseries reference, section 7.</summary>
public sealed class VioBus : IStateful
{
    /// <summary>The unit address given to the first device that asks for none.</summary>
    public const uint FirstReg = 0x7100_0000;

    private const int FirstInterrupt = 0x1100;

    private readonly SortedDictionary<uint, VioDevice> _devices = [];
    private readonly TceTables _tables;
    private readonly Func<int, InterruptLine> _source;

    /// <summary>Makes an empty bus.</summary>
    /// <param name="tables">Where DMA windows are registered.</param>
    /// <param name="source">The interrupt controller's input for a source number; pulses.</param>
    public VioBus(TceTables tables, Func<int, InterruptLine> source)
    {
        _tables = tables;
        _source = source;
    }

    /// <summary>The devices in order of unit address.</summary>
    public IReadOnlyCollection<VioDevice> Devices => _devices.Values;

    /// <summary>The source number of a unit: 0x1100 and the low byte of its address.</summary>
    public static int InterruptNumber(uint reg) => FirstInterrupt + (int)(reg & 0xff);

    /// <summary>True when a device has that unit address, or one with the same interrupt.</summary>
    public bool IsTaken(uint reg) => _devices.Keys.Any(taken => (taken & 0xff) == (reg & 0xff));

    /// <summary>Places a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="reg">Its unit address; null for the first free one.</param>
    /// <exception cref="ArgumentException">The address is taken, or all are.</exception>
    public TDevice Place<TDevice>(TDevice device, uint? reg = null) where TDevice : VioDevice
    {
        uint address = reg ?? FirstFree();
        if (IsTaken(address))
        {
            throw new ArgumentException($"unit address 0x{address:x} is taken", nameof(reg));
        }

        TceTable? window = device.WindowLength == 0 ? null : _tables.Create(address);
        window?.Enable(0, TceTable.DefaultPageShift, device.WindowLength >> TceTable.DefaultPageShift);
        device.Connect(address, _source(InterruptNumber(address)), window);
        _devices.Add(address, device);
        return device;
    }

    /// <summary>The device, or null.</summary>
    public VioDevice? Find(ulong unit) => unit <= uint.MaxValue ? _devices.GetValueOrDefault((uint)unit) : null;

    /// <summary>The terminal a unit address names: 0 is the one with the lowest address; null when there is none.</summary>
    public SpaprVty? FindTerminal(ulong unit) => unit == 0 ? _devices.Values.OfType<SpaprVty>().FirstOrDefault() : Find(unit) as SpaprVty;

    /// <summary>H_VIO_SIGNAL.</summary>
    public long Signal(ulong unit, ulong mode) => Find(unit)?.Signal(mode) ?? PaprStatus.Parameter;

    /// <summary>H_REG_CRQ. H_PARAMETER for a bad unit, address or length, H_NOT_FOUND for a unit without a queue, H_RESOURCE the second time.</summary>
    public long RegisterCrq(ulong unit, ulong queue, ulong length)
    {
        if (Find(unit) is not { } device || !VioCrq.IsPossible(queue, length))
        {
            return PaprStatus.Parameter;
        }

        return device.Crq?.Register(queue, length) ?? PaprStatus.NotFound;
    }

    /// <summary>H_FREE_CRQ. H_PARAMETER for a bad unit.</summary>
    public long FreeCrq(ulong unit)
    {
        if (Find(unit) is not { } device)
        {
            return PaprStatus.Parameter;
        }

        device.Crq?.Free();
        return PaprStatus.Success;
    }

    /// <summary>H_ENABLE_CRQ: after a suspension, which no machine here has; a queue is always enabled.</summary>
    public long EnableCrq(ulong unit) => Find(unit) == null ? PaprStatus.Parameter : PaprStatus.Success;

    /// <summary>
    /// H_SEND_CRQ. H_PARAMETER for a bad unit or an entry that is not valid, H_HARDWARE for a unit without a queue, H_CLOSED before the
    /// guest has registered its own.
    /// </summary>
    public long SendCrq(ulong unit, ulong high, ulong low)
    {
        if (Find(unit) is not { } device)
        {
            return PaprStatus.Parameter;
        }

        return device.Crq?.Take(high, low) ?? PaprStatus.Hardware;
    }

    /// <summary>ibm,set-tce-bypass: lets a unit reach all memory without entries. False for a unit without DMA.</summary>
    public bool TrySetBypass(uint unit, bool bypass)
    {
        if (Find(unit)?.Dma is not { } window)
        {
            return false;
        }

        window.Bypass = bypass;
        return true;
    }

    /// <summary>RTAS quiesce: ends all DMA and all queues.</summary>
    public void Quiesce()
    {
        foreach (VioDevice device in _devices.Values)
        {
            device.Quiesce();
        }
    }

    /// <summary>Resets every device.</summary>
    public void Reset()
    {
        foreach (VioDevice device in _devices.Values)
        {
            device.Reset();
        }
    }

    /// <summary>Writes /vdevice with a child for each device.</summary>
    public DeviceNode WriteTo(DeviceNode root)
    {
        DeviceNode bus = root.AddChild("vdevice");
        bus.SetString("device_type", "vdevice");
        bus.SetString("compatible", "IBM,vdevice");
        bus.SetCells("#address-cells", 1);
        bus.SetCells("#size-cells", 0);
        bus.SetCells("#interrupt-cells", 2);
        bus.SetEmpty("interrupt-controller");
        foreach (VioDevice device in _devices.Values)
        {
            DeviceNode node = bus.AddChild(device.Name);
            node.SetCells("reg", device.Reg);
            node.SetString("device_type", device.DeviceType);
            node.SetString("compatible", device.Compatible);
            node.SetCells("interrupts", (uint)InterruptNumber(device.Reg), 0);
            if (device.Dma is { } window)
            {
                node.SetCells("ibm,#dma-address-cells", 2);
                node.SetCells("ibm,#dma-size-cells", 2);
                node.SetCells(
                    "ibm,my-dma-window", window.Liobn, (uint)(window.Start >> 32), (uint)window.Start, (uint)(window.Length >> 32), (uint)window.Length);
            }

            device.Describe(node);
        }

        return bus;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (VioDevice device in _devices.Values)
        {
            state.Component(device.Name, device);
        }
    }

    private uint FirstFree()
    {
        uint reg = FirstReg;
        while (IsTaken(reg) && reg < FirstReg + 0xff)
        {
            reg++;
        }

        return reg;
    }
}

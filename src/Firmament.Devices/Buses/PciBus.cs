using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses;

/// <summary>
/// One PCI bus segment: functions by device and function number, and its I/O and memory spaces as <see cref="IMmioTarget"/>s
/// whose offsets are bus addresses. The host bridge maps windows onto them.
/// </summary>
public sealed class PciBus : IStateful
{
    private readonly SortedDictionary<int, PciFunction> _functions = [];
    private readonly Func<int, int, InterruptLine> _interruptFor;
    private readonly Tracer _tracer;

    /// <summary>Makes an empty bus.</summary>
    /// <param name="name">For traces, for example "pci.1".</param>
    /// <param name="systemMemory">What bus masters reach.</param>
    /// <param name="interruptFor">The wire for (device number, pin 1 to 4); called once a function, when it is placed.</param>
    /// <param name="tracer">For accesses that nothing answers.</param>
    public PciBus(string name, IDmaSpace systemMemory, Func<int, int, InterruptLine> interruptFor, Tracer tracer)
    {
        Name = name;
        SystemMemory = systemMemory;
        _interruptFor = interruptFor;
        _tracer = tracer;
        Io = new BusSpace(this, PciSpace.Io);
        Memory = new BusSpace(this, PciSpace.Memory);
    }

    /// <summary>For traces and saved state.</summary>
    public string Name { get; }

    /// <summary>What bus masters reach.</summary>
    public IDmaSpace SystemMemory { get; }

    /// <summary>The I/O space; offsets are port numbers; little-endian.</summary>
    public BusSpace Io { get; }

    /// <summary>The memory space; offsets are bus addresses; little-endian.</summary>
    public BusSpace Memory { get; }

    /// <summary>Functions in order of device and function number.</summary>
    public IEnumerable<PciFunction> Functions => _functions.Values;

    /// <summary>The function, or null.</summary>
    public PciFunction? this[int device, int function] => _functions.GetValueOrDefault((device << 3) | function);

    /// <summary>Plugs a function in.</summary>
    /// <param name="pciFunction">The function.</param>
    /// <param name="device">0 to 31.</param>
    /// <param name="function">0 to 7.</param>
    public TFunction Place<TFunction>(TFunction pciFunction, int device, int function = 0) where TFunction : PciFunction
    {
        pciFunction.Bus = this;
        pciFunction.DevFn = (device << 3) | function;
        if (pciFunction.InterruptPin != 0)
        {
            pciFunction.Interrupt = _interruptFor(device, pciFunction.InterruptPin);
        }

        _functions.Add(pciFunction.DevFn, pciFunction);
        return pciFunction;
    }

    /// <summary>The lowest device number with no function, from <paramref name="first"/> up, or -1.</summary>
    public int FirstFreeDevice(int first)
    {
        for (int device = first; device < 32; device++)
        {
            if (!Enumerable.Range(0, 8).Any(function => _functions.ContainsKey((device << 3) | function)))
            {
                return device;
            }
        }

        return -1;
    }

    /// <summary>A configuration read on bus 0 of this segment. All ones where there is no function.</summary>
    public uint ReadConfig(int devfn, int offset, int size) =>
        _functions.TryGetValue(devfn, out PciFunction? function) ? function.ReadConfig(offset, size) : uint.MaxValue >> (32 - (8 * size));

    /// <summary>A configuration write; dropped where there is no function.</summary>
    public void WriteConfig(int devfn, int offset, uint value, int size)
    {
        if (_functions.TryGetValue(devfn, out PciFunction? function))
        {
            function.WriteConfig(offset, value, size);
        }
    }

    /// <summary>Resets every function.</summary>
    public void Reset()
    {
        foreach (PciFunction function in _functions.Values)
        {
            function.Reset();
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (PciFunction function in _functions.Values)
        {
            state.Component(function.Name, function);
        }
    }

    internal void Remap(PciFunction function)
    {
        Io.Remap(function);
        Memory.Remap(function);
    }

    /// <summary>One address space of the bus: fixed claims (legacy ports) first, then enabled BARs.</summary>
    public sealed class BusSpace : IMmioTarget
    {
        private readonly PciBus _bus;
        private readonly PciSpace _space;
        private readonly List<(uint Start, uint Length, IMmioTarget Target)> _fixed = [];
        private readonly List<PciBar> _bars = [];

        internal BusSpace(PciBus bus, PciSpace space)
        {
            _bus = bus;
            _space = space;
        }

        /// <summary>Claims addresses that no BAR moves, for example ISA ports.</summary>
        public void AddFixed(uint start, uint length, IMmioTarget target) => _fixed.Add((start, length, target));

        /// <summary>Gives a fixed claim back.</summary>
        public void RemoveFixed(IMmioTarget target) => _fixed.RemoveAll(claim => claim.Target == target);

        /// <inheritdoc/>
        public ulong Read(ulong offset, int size)
        {
            if (Find(offset, size, out ulong relative) is { } target)
            {
                return target.Read(relative, size);
            }

            _bus._tracer.GuestError(_bus.Name, $"read of {size} bytes at {_space} 0x{offset:x}: no device answers");
            return ulong.MaxValue >> (64 - (8 * size));
        }

        /// <inheritdoc/>
        public void Write(ulong offset, ulong value, int size)
        {
            if (Find(offset, size, out ulong relative) is { } target)
            {
                target.Write(relative, value, size);
                return;
            }

            _bus._tracer.GuestError(_bus.Name, $"write of {size} bytes at {_space} 0x{offset:x}: no device answers");
        }

        internal void Remap(PciFunction function)
        {
            _bars.RemoveAll(bar => bar.Owner == function);
            foreach (PciBar? bar in function.Bars.Append(function.Rom))
            {
                if (bar != null && bar.Space == _space && bar.IsEnabled && bar.Address != 0)
                {
                    _bars.Add(bar);
                }
            }
        }

        private IMmioTarget? Find(ulong address, int size, out ulong relative)
        {
            foreach ((uint start, uint length, IMmioTarget target) in _fixed)
            {
                relative = address - start;
                if (relative < length)
                {
                    return target;
                }
            }

            foreach (PciBar bar in _bars)
            {
                relative = address - bar.Address;
                if (relative < bar.Size && relative + (ulong)size <= bar.Size)
                {
                    return bar.Target;
                }
            }

            relative = 0;
            return null;
        }
    }
}

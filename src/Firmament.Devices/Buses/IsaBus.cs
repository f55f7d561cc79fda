using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Buses;

/// <summary>
/// The ISA side of a south bridge: port ranges claimed in the PCI bus's I/O space, and IRQ 0 to 15 as wires that several
/// devices may share.
/// </summary>
public sealed class IsaBus : IStateful
{
    private readonly SharedLine[] _irqs = new SharedLine[16];
    private readonly List<PortRange> _ranges = [];
    private PciBus? _bus;

    /// <summary>Makes a bus whose IRQs lead to <paramref name="controller"/>.</summary>
    public IsaBus(I8259Pair controller)
    {
        for (int irq = 0; irq < 16; irq++)
        {
            _irqs[irq] = new SharedLine(controller.Input(irq));
        }
    }

    /// <summary>The ranges mapped now: name, first port, number of ports.</summary>
    public IEnumerable<(string Name, uint Port, uint Length)> Ranges => _ranges.Select(static range => (range.Name, range.Port, range.Length));

    /// <summary>A new wire to IRQ <paramref name="irq"/> (0 to 15); it is ORed with the IRQ's other wires.</summary>
    public InterruptLine ConnectIrq(int irq, string name) => _irqs[irq].Connect(name);

    /// <summary>Claims ports. A claim made earlier wins where two overlap.</summary>
    /// <param name="name">For traces.</param>
    /// <param name="port">The first port.</param>
    /// <param name="length">How many.</param>
    /// <param name="target">What answers; offsets count from <paramref name="port"/>.</param>
    /// <param name="width">The device's data width in bytes; the bridge splits wider accesses, as ISA does.</param>
    public void Map(string name, uint port, uint length, IMmioTarget target, int width = 1)
    {
        PortRange range = new(name, port, length, target, width);
        _ranges.Add(range);
        _bus?.Io.AddFixed(port, length, range);
    }

    /// <summary>Takes every claim of <paramref name="target"/> back.</summary>
    public void Unmap(IMmioTarget target)
    {
        foreach (PortRange range in _ranges.Where(range => range.Target == target).ToList())
        {
            _ranges.Remove(range);
            _bus?.Io.RemoveFixed(range);
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        for (int irq = 0; irq < 16; irq++)
        {
            state.Component($"irq{irq}", _irqs[irq]);
        }
    }

    /// <summary>Puts the claims into a PCI bus's I/O space. Called once, by the bridge, when it is placed.</summary>
    internal void Attach(PciBus bus)
    {
        _bus = bus;
        foreach (PortRange range in _ranges)
        {
            bus.Io.AddFixed(range.Port, range.Length, range);
        }
    }

    private sealed class PortRange(string name, uint port, uint length, IMmioTarget target, int width) : IMmioTarget
    {
        public string Name { get; } = name;

        public uint Port { get; } = port;

        public uint Length { get; } = length;

        public IMmioTarget Target { get; } = target;

        public ulong Read(ulong offset, int size)
        {
            if (size <= width)
            {
                return Target.Read(offset, size);
            }

            ulong value = 0;
            for (int i = 0; i < size; i += width)
            {
                ulong part = offset + (ulong)i < Length ? Target.Read(offset + (ulong)i, width) : ulong.MaxValue;
                value |= (part & Ones(width)) << (8 * i);
            }

            return value;
        }

        public void Write(ulong offset, ulong value, int size)
        {
            if (size <= width)
            {
                Target.Write(offset, value, size);
                return;
            }

            for (int i = 0; i < size && offset + (ulong)i < Length; i += width)
            {
                Target.Write(offset + (ulong)i, (value >> (8 * i)) & Ones(width), width);
            }
        }

        private static ulong Ones(int bytes) => ulong.MaxValue >> (64 - (8 * bytes));
    }
}

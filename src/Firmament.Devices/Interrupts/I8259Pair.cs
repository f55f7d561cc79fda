using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The two cascaded 8259As of a PC-style south bridge with their edge/level control registers: IRQ 0 to 15 in, INTR out.
/// Sources: Intel 8259A data sheet; ELCR as in the VIA VT82C686B and VT8231 data sheets.
/// Not modelled: MCS-80/85 mode (vectors as CALL instructions) and buffered mode pins.
/// </summary>
public sealed class I8259Pair : IStateful
{
    // IRQ 0, 1, 2, 8 and 13 are always edge triggered.
    private const byte MasterLevelBits = 0xf8;
    private const byte SlaveLevelBits = 0xde;

    private readonly I8259 _master;
    private readonly I8259 _slave;
    private readonly InterruptLine _output;
    private readonly InterruptLine[] _inputs = new InterruptLine[16];

    /// <summary>Makes the pair in its power-on state.</summary>
    /// <param name="output">The INTR wire to the processor or the bridge.</param>
    public I8259Pair(InterruptLine output)
    {
        _output = output;
        _master = new I8259(1 << 2, output.Set);
        _slave = new I8259(0, level => _master.SetInput(2, level));
        EdgeLevelPorts = new EdgeLevelRegisters(this);
        for (int irq = 0; irq < 16; irq++)
        {
            int input = irq & 7;
            I8259 chip = irq < 8 ? _master : _slave;
            _inputs[irq] = new InterruptLine($"irq {irq}", irq == 2 ? static _ => { } : level => chip.SetInput(input, level));
        }

        Reset();
    }

    /// <summary>Ports 0x20 and 0x21.</summary>
    public IMmioTarget MasterPorts => _master;

    /// <summary>Ports 0xa0 and 0xa1.</summary>
    public IMmioTarget SlavePorts => _slave;

    /// <summary>Ports 0x4d0 and 0x4d1 (ELCR): 1 = level.</summary>
    public IMmioTarget EdgeLevelPorts { get; }

    /// <summary>The wire of IRQ <paramref name="irq"/>, 0 to 15; one driver. IRQ 2 is the cascade and leads nowhere.</summary>
    public InterruptLine Input(int irq) => _inputs[irq];

    /// <summary>The interrupt acknowledge cycle: the vector of the highest pending interrupt, or the spurious IRQ 7 or 15.</summary>
    public byte Acknowledge()
    {
        int input = _master.Acknowledge();
        if (input < 0)
        {
            return _master.Vector(7);
        }

        if (input != 2)
        {
            return _master.Vector(input);
        }

        int slaveInput = _slave.Acknowledge();
        return _slave.Vector(slaveInput < 0 ? 7 : slaveInput);
    }

    /// <summary>Power-on state.</summary>
    public void Reset()
    {
        _master.Reset();
        _slave.Reset();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("master", _master);
        state.Component("slave", _slave);
        _output.VisitLevel(state, "intr");
    }

    private sealed class EdgeLevelRegisters(I8259Pair pair) : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => (offset & 1) == 0 ? pair._master.EdgeLevel : pair._slave.EdgeLevel;

        public void Write(ulong offset, ulong value, int size)
        {
            if ((offset & 1) == 0)
            {
                pair._master.EdgeLevel = (byte)(value & MasterLevelBits);
            }
            else
            {
                pair._slave.EdgeLevel = (byte)(value & SlaveLevelBits);
            }
        }
    }
}

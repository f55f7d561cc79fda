using Firmament.Core.Interrupts;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// A function inside the south bridge whose interrupt goes to the ISA IRQ in its interrupt line register (0x3c), not to a PCI pin.
/// Source: VIA VT82C686B data sheet, function 2 to 6 "Interrupt Line" registers.
/// </summary>
public abstract class Vt8231Function : PciFunction
{
    private Action? _routingChanged;

    /// <summary>Fills the header; the vendor is VIA.</summary>
    protected Vt8231Function(ushort device, uint classCode, byte revision, byte interruptPin)
        : base(0x1106, device, classCode, revision)
    {
        Define8(0x3d, interruptPin, 0);
    }

    /// <summary>The level of the function's interrupt.</summary>
    internal bool InterruptLevel => Interrupt.Level;

    /// <summary>The ISA IRQ software chose; 0 = none.</summary>
    internal int InterruptIrq => ReadConfig(0x3c, 1) is var irq and < 16 ? (int)irq : 0;

    /// <inheritdoc/>
    public override void WriteConfig(int offset, uint value, int size)
    {
        base.WriteConfig(offset, value, size);
        if (offset <= 0x3c && offset + size > 0x3c)
        {
            _routingChanged?.Invoke();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _routingChanged?.Invoke();
    }

    /// <summary>Replaces the PCI wire with the bridge's internal routing. Called after the function was placed.</summary>
    internal void RouteInterrupt(Action routingChanged)
    {
        _routingChanged = routingChanged;
        Interrupt = new InterruptLine(Name, _ => routingChanged());
    }
}

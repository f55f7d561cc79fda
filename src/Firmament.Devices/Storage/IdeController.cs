using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Storage;

/// <summary>
/// The IDE controller of the VIA VT8231, function 1: two channels at legacy ports or native BARs, with bus mastering.
/// Source: VT8231 South Bridge data sheet, function 1. Not modelled: transfer timing; the timing registers hold what is written.
/// </summary>
/// <remarks>
/// Bits 0 and 2 of the programming interface choose native mode for the primary and secondary channel. The legacy ports answer only in
/// legacy mode.
/// Quirk: BARs 0 to 3 answer in both modes. Linux on pegasos2 puts the class back to legacy after it has read the BARs, and goes on using
/// them. Quirk: interrupts take the ISA lines 14 and 15 in native mode too, which is what guests of pegasos2 expect (pegasos2.md 7);
/// the constructor can send them to the PCI pin instead.
/// </remarks>
public sealed class IdeController : PciFunction
{
    private const byte NativePrimary = 1;
    private const byte NativeSecondary = 4;
    private const int ProgrammingInterface = 0x09;
    private const int ChannelEnable = 0x40;
    private const byte SecondaryEnabled = 1;
    private const byte PrimaryEnabled = 2;
    private const ushort IoSpace = 1;

    private readonly InterruptLine _primaryLine;
    private readonly InterruptLine _secondaryLine;
    private readonly bool _nativeUsesPciPin;
    private bool _primaryPending;
    private bool _secondaryPending;
    private bool _legacyPrimaryMapped;
    private bool _legacySecondaryMapped;

    /// <summary>Makes the controller with empty channels.</summary>
    /// <param name="primaryLine">ISA interrupt 14.</param>
    /// <param name="secondaryLine">ISA interrupt 15.</param>
    /// <param name="tracer">For guest mistakes.</param>
    /// <param name="nativeUsesPciPin">Channels in native mode interrupt by the PCI pin and not by the ISA lines.</param>
    public IdeController(InterruptLine primaryLine, InterruptLine secondaryLine, Tracer tracer, bool nativeUsesPciPin = false)
        : base(0x1106, 0x0571, 0x01018a, 0x06)
    {
        _primaryLine = primaryLine;
        _secondaryLine = secondaryLine;
        _nativeUsesPciPin = nativeUsesPciPin;
        Primary = new IdeChannel("ide0", () => (Config[ChannelEnable] & PrimaryEnabled) != 0, SetPrimary, () => Dma, tracer);
        Secondary = new IdeChannel("ide1", () => (Config[ChannelEnable] & SecondaryEnabled) != 0, SetSecondary, () => Dma, tracer);
        DefineConfiguration();
    }

    /// <inheritdoc/>
    public override string Name => "ide";

    /// <summary>The primary channel.</summary>
    public IdeChannel Primary { get; }

    /// <summary>The secondary channel.</summary>
    public IdeChannel Secondary { get; }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, uint value, int size)
    {
        base.WriteConfig(offset, value, size);
        MapLegacyPorts();
        DriveInterrupts();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Primary.Reset();
        Secondary.Reset();
        MapLegacyPorts();
        DriveInterrupts();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("primary", Primary);
        state.Component("secondary", Secondary);
        state.Field("primary-pending", ref _primaryPending);
        state.Field("secondary-pending", ref _secondaryPending);
        bool primary = _primaryLine.Level;
        bool secondary = _secondaryLine.Level;
        state.Field("primary-line", ref primary);
        state.Field("secondary-line", ref secondary);
        if (state.IsLoading)
        {
            _primaryLine.Restore(primary);
            _secondaryLine.Restore(secondary);
            MapLegacyPorts();
        }
    }

    private void DefineConfiguration()
    {
        DefineBar(0, PciSpace.Io, 8, Primary.Commands);
        DefineBar(1, PciSpace.Io, 4, Primary.NativeControl);
        DefineBar(2, PciSpace.Io, 8, Secondary.Commands);
        DefineBar(3, PciSpace.Io, 4, Secondary.NativeControl);
        DefineBar(4, PciSpace.Io, 16, new BusMasterRegisters(this));
        // Power-on BARs are the legacy ports, and 0xcc00.
        Define32(0x10, 0x1f1, 0xffff_fff8);
        Define32(0x14, 0x3f5, 0xffff_fffc);
        Define32(0x18, 0x171, 0xffff_fff8);
        Define32(0x1c, 0x375, 0xffff_fffc);
        Define32(0x20, 0xcc01, 0xffff_fff0);
        // Bit 7: address stepping, on after power-on.
        Define16(0x04, 0x0080, 0x0087);
        Define16(0x06, 0x0280, 0, writeOneToClear: 0xf900);
        // Bits 0 and 2 choose the mode; 1, 3 and 7 say that it can be chosen, and that there is bus mastering.
        Define8(ProgrammingInterface, 0x8a, NativePrimary | NativeSecondary);
        // Fixed at 14: Linux on pegasos2 puts the class back to legacy only when it reads 14 here, although the board's firmware wrote 9.
        Define8(0x3c, 14, 0);
        Define8(0x3d, 1, 0);
        Define32(0x40, 0x0a09_0600, uint.MaxValue);
        Define32(0x44, 0x00c0_0068, uint.MaxValue);
        Define32(0x48, 0xa8a8_a8a8, uint.MaxValue);
        Define32(0x4c, 0x0000_00ff, uint.MaxValue);
        Define32(0x50, 0x0707_0707, uint.MaxValue);
        Define32(0x54, 0x0000_0004, uint.MaxValue);
        Define32(0x60, 0x0000_0200, uint.MaxValue);
        Define32(0x68, 0x0000_0200, uint.MaxValue);
        DefineCapability(0xc0, 0x01, [0x02, 0x00, 0x00, 0x00, 0x00, 0x00]);
    }

    private void MapLegacyPorts()
    {
        byte mode = Config[ProgrammingInterface];
        bool decodes = (Command & IoSpace) != 0;
        MapLegacyPorts(decodes && (mode & NativePrimary) == 0, ref _legacyPrimaryMapped, Primary, 0x1f0);
        MapLegacyPorts(decodes && (mode & NativeSecondary) == 0, ref _legacySecondaryMapped, Secondary, 0x170);
    }

    private void MapLegacyPorts(bool wanted, ref bool isMapped, IdeChannel channel, uint port)
    {
        if (Bus == null || wanted == isMapped)
        {
            return;
        }

        isMapped = wanted;
        if (wanted)
        {
            Bus.Io.AddFixed(port, 8, channel.Commands);
            Bus.Io.AddFixed(port + 0x206, 1, channel.LegacyControl);
        }
        else
        {
            Bus.Io.RemoveFixed(channel.Commands);
            Bus.Io.RemoveFixed(channel.LegacyControl);
        }
    }

    private void SetPrimary(bool level)
    {
        _primaryPending = level;
        DriveInterrupts();
    }

    private void SetSecondary(bool level)
    {
        _secondaryPending = level;
        DriveInterrupts();
    }

    private void DriveInterrupts()
    {
        byte mode = Config[ProgrammingInterface];
        bool primaryToPin = _nativeUsesPciPin && (mode & NativePrimary) != 0;
        bool secondaryToPin = _nativeUsesPciPin && (mode & NativeSecondary) != 0;
        _primaryLine.Set(_primaryPending && !primaryToPin);
        _secondaryLine.Set(_secondaryPending && !secondaryToPin);
        Interrupt.Set((_primaryPending && primaryToPin) || (_secondaryPending && secondaryToPin));
    }

    private sealed class BusMasterRegisters(IdeController owner) : IMmioTarget
    {
        public ulong Read(ulong offset, int size)
        {
            ulong value = 0;
            for (int i = 0; i < size; i++)
            {
                int at = (int)offset + i;
                value |= (ulong)(at < 8 ? owner.Primary : owner.Secondary).BusMaster.ReadByte(at & 7) << (8 * i);
            }

            return value;
        }

        public void Write(ulong offset, ulong value, int size)
        {
            for (int i = 0; i < size; i++)
            {
                int at = (int)offset + i;
                (at < 8 ? owner.Primary : owner.Secondary).BusMaster.WriteByte(at & 7, (byte)(value >> (8 * i)));
            }
        }
    }
}

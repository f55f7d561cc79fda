using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The AC'97 audio (function 5) or MC'97 modem (function 6) controller with no codec on its link. Source: VIA VT82C686B data sheet, functions 5 and 6.
/// </summary>
/// <remarks>
/// Configuration space, BARs and the scatter-gather registers are there; the codec ready bits stay 0 and a codec access never becomes valid,
/// so a driver finds out and gives up. Not modelled: the codec, DMA, FM, MIDI and the joystick.
/// </remarks>
public sealed class Vt8231Audio : Vt8231Function, IMmioTarget
{
    private const int CodecAccess = 0x80;
    private const int Size = 256;

    private readonly byte[] _registers = new byte[Size];
    private readonly Tracer _tracer;

    private Vt8231Audio(string name, ushort device, uint classCode, byte revision, bool audio, Tracer tracer)
        : base(device, classCode, revision, interruptPin: 3)
    {
        Name = name;
        _tracer = tracer;
        DefineBar(0, PciSpace.Io, Size, this);
        if (audio)
        {
            DefineBar(1, PciSpace.Io, 4, new Silent());
            DefineBar(2, PciSpace.Io, 4, new Silent());
        }

        Define8(0x40, 0x00, 0x00); // AC link status: no codec ready
        Define8(0x41, 0x00, 0xff); // AC link control
        Define8(0x42, 0x00, 0xff); // function enable
        Define8(0x43, 0x1c, 0xff); // plug and play control
        Define8(0x44, 0x00, 0xff);
        Define8(0x48, 0x00, 0xff); // FM NMI control
        Reset();
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)_registers[(int)(offset + (ulong)i) & (Size - 1)] << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        for (int i = 0; i < size; i++)
        {
            WriteByte((int)(offset + (ulong)i) & (Size - 1), (byte)(value >> (8 * i)));
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Array.Clear(_registers);
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Bytes("registers", _registers);
    }

    internal static Vt8231Audio CreateAudio(Tracer tracer) => new("ac97", 0x3058, 0x040100, 0x50, audio: true, tracer);

    internal static Vt8231Audio CreateModem(Tracer tracer) => new("mc97", 0x3068, 0x078000, 0x30, audio: false, tracer);

    private void WriteByte(int at, byte value)
    {
        if (at == CodecAccess + 3)
        {
            // Bits 24 (busy), 25 and 27 (data valid) are the controller's; with no codec all stay 0.
            _registers[at] = (byte)(value & 0xf0);
            _tracer.GuestError(Name, "codec access: no codec is on the link");
        }
        else if (at < CodecAccess && (at & 0x0f) == 0)
        {
            // Channel status: flags are cleared by ones and never set.
        }
        else if (at < CodecAccess && (at & 0x0f) == 1)
        {
            if ((value & 0x80) != 0)
            {
                _tracer.GuestError(Name, "channel start: transfers are not modelled, the channel stays stopped");
            }

            _registers[at] = (byte)(value & 0x08);
        }
        else
        {
            _registers[at] = value;
        }
    }

    /// <summary>The FM and MIDI ports: nothing answers.</summary>
    private sealed class Silent : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => ulong.MaxValue >> (64 - (8 * size));

        public void Write(ulong offset, ulong value, int size)
        {
        }
    }
}

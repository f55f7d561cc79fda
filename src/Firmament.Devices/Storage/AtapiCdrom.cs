using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// An ATAPI CD-ROM drive: the packet protocol by PIO and DMA in front of a <see cref="ScsiCdrom"/>, which has the commands.
/// Source: ATA/ATAPI-7 volumes 1 and 2 (PACKET feature set).
/// </summary>
public sealed class AtapiCdrom : IdeDevice
{
    private const int PacketLength = 12;
    private const byte ReasonCommand = 1;
    private const byte ReasonToHost = 2;
    private const byte CheckCondition = 0x01;

    private readonly string _model;
    private readonly string _serial;
    private readonly ScsiCdrom _unit;

    private bool _takesPacket;
    private bool _packetPhase;
    private bool _usesDma;
    private int _byteLimit;
    private long _given;
    private byte _transferMode = 0x45;

    /// <summary>Makes a drive.</summary>
    /// <param name="medium">The disc's image, or null for none. Stays the caller's to dispose.</param>
    /// <param name="model">At most 40 ASCII characters.</param>
    /// <param name="serial">At most 20 ASCII characters.</param>
    public AtapiCdrom(IBlockBackend? medium, string model = "Firmament CD-ROM", string serial = "FM00002")
    {
        _model = model;
        _serial = serial;
        _unit = new ScsiCdrom(medium, model, serial, isAtapi: true);
        Reset();
    }

    /// <summary>The disc, or null.</summary>
    public IBlockBackend? Medium => _unit.Medium;

    /// <summary>True while the guest keeps the tray shut.</summary>
    public bool IsLocked => _unit.IsLocked;

    /// <summary>Changes the disc, as a hand at the drive does. Call on the machine's thread.</summary>
    public void Insert(IBlockBackend? medium) => _unit.Insert(medium);

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _unit.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("unit", _unit);
        state.Field("takes-packet", ref _takesPacket);
        state.Field("packet-phase", ref _packetPhase);
        state.Field("dma", ref _usesDma);
        state.Field("byte-limit", ref _byteLimit);
        state.Field("given", ref _given);
        state.Field("mode", ref _transferMode);
        _byteLimit = Math.Clamp(_byteLimit, 2, 0xfffe);
        _given = Math.Clamp(_given, 0, _unit.DataLength);
    }

    /// <inheritdoc/>
    protected internal override void Execute(byte command)
    {
        EndTransfer();
        SetInterrupt(false);
        Error = 0;
        switch (command)
        {
            case 0x08: // DEVICE RESET: no interrupt
                base.Reset();
                break;
            case 0x90: // EXECUTE DEVICE DIAGNOSTIC
                SetSignature();
                Error = 1;
                SetInterrupt(true);
                break;
            case 0xa0: // PACKET
                StartPacket();
                break;
            case 0xa1: // IDENTIFY PACKET DEVICE
                FillIdentify();
                StartBlock(IdePhase.PioIn, 512);
                SetInterrupt(true);
                break;
            case 0xec: // IDENTIFY DEVICE, and the reads below: a packet device aborts with its signature (6.17.5)
            case 0x20:
                SetSignature();
                Fail(Abrt);
                break;
            case 0xef: // SET FEATURES
                SetFeatures();
                break;
            case 0xe5 or 0x98: // CHECK POWER MODE
                SectorCount = 0xff;
                Complete();
                break;
            case 0xe0 or 0xe1 or 0xe2 or 0xe3 or 0xe6 or 0xe7 or 0x94 or 0x95 or 0x96 or 0x97 or 0x99: // power modes, FLUSH CACHE
                Complete();
                break;
            default:
                Fail(Abrt);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void BlockTaken()
    {
        if (_packetPhase && _given < _unit.DataLength)
        {
            SendMore();
        }
        else if (_packetPhase)
        {
            FinishPacket();
        }
        else
        {
            Complete(interrupt: false);
        }
    }

    /// <inheritdoc/>
    protected override void BlockGiven()
    {
        if (_takesPacket)
        {
            _takesPacket = false;
            Span<byte> packet = stackalloc byte[PacketLength];
            Buffer[..PacketLength].CopyTo(packet);
            Phase = IdePhase.Idle;
            _packetPhase = true;
            _unit.Execute(packet);
            ContinuePacket();
        }
    }

    /// <inheritdoc/>
    /// <remarks>A packet device does not set DRDY until it has had a command (9.12).</remarks>
    protected override (byte LbaMid, byte LbaHigh, byte Status) Signature => (0x14, 0xeb, 0);

    /// <inheritdoc/>
    protected override void EndTransfer()
    {
        base.EndTransfer();
        _takesPacket = _packetPhase = false;
        _given = 0;
    }

    private void StartPacket()
    {
        const int Overlapped = 2;
        if ((Features & Overlapped) != 0)
        {
            Fail(Abrt);
            return;
        }

        _usesDma = (Features & 1) != 0;
        // 6.24.4: the limit is even; 0 and 0xffff both mean as much as fits.
        int limit = (byte)LbaMid | ((byte)LbaHigh << 8);
        _byteLimit = limit is 0 or 0xffff ? 0xfffe : Math.Max(limit & ~1, 2);
        _takesPacket = true;
        StartBlock(IdePhase.PioOut, PacketLength);
        SectorCount = ReasonCommand;
    }

    private void ContinuePacket()
    {
        if (_unit.Status != ScsiUnit.Good)
        {
            FailPacket();
        }
        else if (_given < _unit.DataLength)
        {
            SendMore();
        }
        else
        {
            FinishPacket();
        }
    }

    /// <summary>Fills the buffer with the next part of the answer and offers it.</summary>
    private void SendMore()
    {
        int length = (int)Math.Min(_usesDma ? BufferLength : _byteLimit, _unit.DataLength - _given);
        if (!_unit.TryReadData(_given, Buffer[..length]))
        {
            FailPacket();
            return;
        }

        _given += length;
        SectorCount = ReasonToHost;
        LbaMid = (byte)length;
        LbaHigh = (byte)(length >> 8);
        StartBlock(_usesDma ? IdePhase.DmaIn : IdePhase.PioIn, length);
        if (!_usesDma)
        {
            SetInterrupt(true);
        }
    }

    private void FinishPacket()
    {
        SectorCount = ReasonCommand | ReasonToHost;
        Complete();
    }

    private void FailPacket()
    {
        SectorCount = ReasonCommand | ReasonToHost;
        Fail((byte)((_unit.Sense.Key << 4) | Abrt));
        Status = Drdy | Dsc | CheckCondition;
    }

    private void SetFeatures()
    {
        if ((byte)Features == 0x03)
        {
            byte mode = (byte)SectorCount;
            bool isDma = (mode >> 3 == 4 && (mode & 7) <= 2) || (mode >> 3 == 8 && (mode & 7) <= 5);
            if (!isDma && mode >> 3 > 1)
            {
                Fail(Abrt);
                return;
            }

            _transferMode = isDma ? mode : _transferMode;
            Complete();
        }
        else if ((byte)Features is 0x66 or 0xcc)
        {
            Complete();
        }
        else
        {
            Fail(Abrt);
        }
    }

    /// <summary>IDENTIFY PACKET DEVICE (ATA/ATAPI-7 6.18).</summary>
    private void FillIdentify()
    {
        Buffer[..512].Clear();
        Identify(0, 0x8580); // ATAPI, CD-ROM, removable, DRQ within 3 ms, 12-byte packets
        Identify(10, 10, _serial);
        Identify(23, 4, "1.0");
        Identify(27, 20, _model);
        Identify(49, 0x0f00);
        Identify(50, 0x4000);
        Identify(53, 0x0006);
        Identify(63, 0x0007 | (_transferMode >> 3 == 4 ? 0x100 << (_transferMode & 7) : 0));
        Identify(64, 0x0003);
        Identify(65, 120);
        Identify(66, 120);
        Identify(67, 120);
        Identify(68, 120);
        Identify(80, 0x00f0);
        Identify(82, 0x4210); // NOP, DEVICE RESET, PACKET
        Identify(83, 0x4000);
        Identify(84, 0x4000);
        Identify(85, 0x4210);
        Identify(87, 0x4000);
        Identify(88, 0x003f | (_transferMode >> 3 == 8 ? 0x100 << (_transferMode & 7) : 0));
        Identify(93, Unit == 0 ? 0x600b : 0x6b00);
        SealIdentify();
    }
}

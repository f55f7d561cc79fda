using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// One drive on an IDE channel: its copy of the task file, its data buffer, and the protocol parts that disks and packet devices share.
/// Source: ATA/ATAPI-7 volumes 1 and 2.
/// </summary>
/// <remarks>Commands complete within the register write that starts them; the interrupt is the only thing the host may wait for.</remarks>
public abstract class IdeDevice : IStateful
{
    /// <summary>Status: error.</summary>
    protected const byte Err = 0x01;

    /// <summary>Status: data request.</summary>
    protected const byte Drq = 0x08;

    /// <summary>Status: seek complete.</summary>
    protected const byte Dsc = 0x10;

    /// <summary>Status: drive fault.</summary>
    protected const byte Df = 0x20;

    /// <summary>Status: ready.</summary>
    protected const byte Drdy = 0x40;

    /// <summary>Status: busy.</summary>
    protected const byte Bsy = 0x80;

    /// <summary>Error: command aborted.</summary>
    protected const byte Abrt = 0x04;

    /// <summary>Error: address outside the medium.</summary>
    protected const byte Idnf = 0x10;

    /// <summary>Error: uncorrectable data.</summary>
    protected const byte Unc = 0x40;

    /// <summary>Bytes a drive moves at once at most.</summary>
    protected const int BufferLength = 65536;

    private readonly byte[] _buffer = new byte[BufferLength];
    private ushort _features;
    private ushort _sectorCount;
    private ushort _lbaLow;
    private ushort _lbaMid;
    private ushort _lbaHigh;
    private byte _deviceHead;
    private byte _status;
    private byte _error;
    private bool _interruptPending;
    private byte _phase;
    private int _position;
    private int _end;

    /// <summary>INTRQ of the drive, before nIEN and drive selection.</summary>
    public bool InterruptPending => _interruptPending;

    /// <summary>What the data register and the DMA channel do now.</summary>
    public IdePhase Phase { get => (IdePhase)_phase; protected set => _phase = (byte)value; }

    /// <summary>Told when <see cref="InterruptPending"/> changes.</summary>
    internal Action InterruptChanged { get; set; } = static () => { };

    /// <summary>The drive's number on its channel, 0 or 1.</summary>
    internal int Unit { get; set; }

    /// <summary>Features: the byte written last, and the one before in bits 15:8.</summary>
    protected internal ushort Features { get => _features; set => _features = value; }

    /// <summary>Sector count, as <see cref="Features"/>.</summary>
    protected internal ushort SectorCount { get => _sectorCount; set => _sectorCount = value; }

    /// <summary>LBA low, as <see cref="Features"/>.</summary>
    protected internal ushort LbaLow { get => _lbaLow; set => _lbaLow = value; }

    /// <summary>LBA mid, as <see cref="Features"/>.</summary>
    protected internal ushort LbaMid { get => _lbaMid; set => _lbaMid = value; }

    /// <summary>LBA high, as <see cref="Features"/>.</summary>
    protected internal ushort LbaHigh { get => _lbaHigh; set => _lbaHigh = value; }

    /// <summary>Device register.</summary>
    protected internal byte DeviceHead { get => _deviceHead; set => _deviceHead = value; }

    /// <summary>Status register.</summary>
    protected internal byte Status { get => _status; set => _status = value; }

    /// <summary>Error register.</summary>
    protected internal byte Error { get => _error; set => _error = value; }

    /// <summary>The data buffer.</summary>
    protected Span<byte> Buffer => _buffer;

    /// <summary>Bytes of the buffer that count in the phase under way.</summary>
    protected int BlockLength => _end;

    /// <summary>Executes a command that was written to the drive.</summary>
    protected internal abstract void Execute(byte command);

    /// <summary>The host has taken the whole block.</summary>
    protected abstract void BlockTaken();

    /// <summary>The host has given the whole block.</summary>
    protected abstract void BlockGiven();

    /// <summary>What tells the drive's kind after reset or diagnostics, with the status it has then.</summary>
    protected abstract (byte LbaMid, byte LbaHigh, byte Status) Signature { get; }

    /// <summary>Power-on, hardware and software reset (ATA/ATAPI-7 9.2, 9.3).</summary>
    public virtual void Reset()
    {
        EndTransfer();
        SetInterrupt(false);
        _features = 0;
        _error = 1;
        SetSignature();
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Field("features", ref _features);
        state.Field("sector-count", ref _sectorCount);
        state.Field("lba-low", ref _lbaLow);
        state.Field("lba-mid", ref _lbaMid);
        state.Field("lba-high", ref _lbaHigh);
        state.Field("device-head", ref _deviceHead);
        state.Field("status", ref _status);
        state.Field("error", ref _error);
        state.Field("interrupt", ref _interruptPending);
        state.Field("phase", ref _phase);
        state.Field("position", ref _position);
        state.Field("end", ref _end);
        state.Bytes("buffer", _buffer);
        _end = Math.Clamp(_end, 0, BufferLength);
        _position = Math.Clamp(_position, 0, _end);
    }

    /// <summary>Puts the signature of the drive's kind into the task file.</summary>
    protected void SetSignature()
    {
        SectorCount = 1;
        LbaLow = 1;
        (LbaMid, LbaHigh, Status) = Signature;
        DeviceHead &= 0x10;
    }

    /// <summary>Reads the data register.</summary>
    internal uint ReadData(int size)
    {
        uint value = 0;
        for (int i = 0; i < size; i++)
        {
            if (Phase != IdePhase.PioIn || _position >= _end)
            {
                // The bus floats; a read that straddles the end of a block is not continued in the next.
                break;
            }

            value |= (uint)_buffer[_position++] << (8 * i);
        }

        if (Phase == IdePhase.PioIn && _position >= _end)
        {
            BlockTaken();
        }

        return value;
    }

    /// <summary>Writes the data register.</summary>
    internal void WriteData(uint value, int size)
    {
        for (int i = 0; i < size && Phase == IdePhase.PioOut && _position < _end; i++)
        {
            _buffer[_position++] = (byte)(value >> (8 * i));
        }

        if (Phase == IdePhase.PioOut && _position >= _end)
        {
            BlockGiven();
        }
    }

    /// <summary>The bytes that are left of the block, for the bus master to copy from or to.</summary>
    internal Span<byte> DmaBlock => _buffer.AsSpan(_position, _end - _position);

    /// <summary>The bus master has moved bytes of <see cref="DmaBlock"/>.</summary>
    internal void DmaMoved(int count)
    {
        _position += count;
        if (_position >= _end)
        {
            if (Phase == IdePhase.DmaIn)
            {
                BlockTaken();
            }
            else
            {
                BlockGiven();
            }
        }
    }

    /// <summary>The bus master could not reach memory.</summary>
    internal void DmaFailed() => Fail(Abrt);

    internal void SetInterrupt(bool pending)
    {
        if (_interruptPending != pending)
        {
            _interruptPending = pending;
            InterruptChanged();
        }
    }

    /// <summary>Starts moving a block; the buffer is filled already when the drive gives it.</summary>
    protected void StartBlock(IdePhase phase, int length)
    {
        Phase = phase;
        _position = 0;
        _end = length;
        _status = Drdy | Dsc | Drq;
    }

    /// <summary>Ends a command well.</summary>
    protected void Complete(bool interrupt = true)
    {
        EndTransfer();
        _error = 0;
        _status = Drdy | Dsc;
        if (interrupt)
        {
            SetInterrupt(true);
        }
    }

    /// <summary>Ends a command with an error.</summary>
    protected void Fail(byte error)
    {
        EndTransfer();
        _error = error;
        _status = Drdy | Dsc | Err;
        SetInterrupt(true);
    }

    /// <summary>Forgets a transfer under way.</summary>
    protected virtual void EndTransfer()
    {
        Phase = IdePhase.Idle;
        _position = _end = 0;
    }

    /// <summary>Stores a word of IDENTIFY data.</summary>
    protected void Identify(int word, int value)
    {
        _buffer[2 * word] = (byte)value;
        _buffer[(2 * word) + 1] = (byte)(value >> 8);
    }

    /// <summary>Stores a string of IDENTIFY data: the first character of each pair in the high byte, padded with spaces.</summary>
    protected void Identify(int word, int words, string text)
    {
        string padded = text.PadRight(2 * words);
        for (int i = 0; i < words; i++)
        {
            Identify(word + i, (Ascii(padded[2 * i]) << 8) | Ascii(padded[(2 * i) + 1]));
        }
    }

    /// <summary>Stores the signature and checksum in word 255 (ATA/ATAPI-7 6.17.66).</summary>
    protected void SealIdentify()
    {
        _buffer[510] = 0xa5;
        byte sum = 0;
        for (int i = 0; i < 511; i++)
        {
            sum += _buffer[i];
        }

        _buffer[511] = (byte)-sum;
    }

    private static byte Ascii(char c) => c is >= ' ' and < (char)0x7f ? (byte)c : (byte)'?';
}

using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Storage;

/// <summary>
/// The bus-master engine of one IDE channel: 8 bytes of I/O registers and a list of physical regions in memory.
/// Source: Programming Interface for Bus Master IDE Controller 1.0; VT8231 data sheet, function 1.
/// </summary>
internal sealed class IdeBusMaster(IdeChannel channel, string name, Func<IDmaSpace> memory, Tracer tracer) : IStateful
{
    private const int Command = 0;
    private const int Status = 2;
    private const int Table = 4;
    private const byte Start = 1;
    private const byte ToMemory = 8;
    private const byte Active = 1;
    private const byte Failed = 2;
    private const byte Interrupt = 4;
    private const byte DmaCapable = 0x60;
    private const uint EndOfTable = 0x8000_0000;

    // The table may not cross a 64 KiB boundary, so it has at most this many entries.
    private const int MostEntries = 65536 / 8;

    private byte _command;
    private byte _status;
    private uint _table;
    private uint _entry;
    private int _entriesTaken;
    private uint _address;
    private uint _remaining;
    private bool _isLast;

    public void Reset()
    {
        _command = _status = 0;
        _table = _entry = _address = _remaining = 0;
        _entriesTaken = 0;
        _isLast = false;
    }

    public byte ReadByte(int offset) => offset switch
    {
        Command => _command,
        Status => _status,
        >= Table => (byte)(_table >> (8 * (offset - Table))),
        _ => 0,
    };

    public void WriteByte(int offset, byte value)
    {
        switch (offset)
        {
            case Command:
                WriteCommand(value);
                break;
            case Status:
                _status = (byte)((_status & ~DmaCapable) | (value & DmaCapable));
                _status &= (byte)~(value & (Failed | Interrupt));
                break;
            case >= Table:
                int shift = 8 * (offset - Table);
                _table = ((_table & ~(0xffu << shift)) | ((uint)value << shift)) & ~3u;
                break;
        }
    }

    /// <summary>INTRQ went high.</summary>
    public void NoteInterrupt() => _status |= Interrupt;

    /// <summary>Moves data while the engine is started and the selected drive wants some.</summary>
    public void Run()
    {
        while ((_status & Active) != 0 && channel.Selected is { Phase: IdePhase.DmaIn or IdePhase.DmaOut } drive)
        {
            if (_remaining == 0 && !NextRegion(drive))
            {
                return;
            }

            Span<byte> block = drive.DmaBlock;
            block = block[..(int)Math.Min((uint)block.Length, _remaining)];
            bool ok = drive.Phase == IdePhase.DmaIn ? memory().TryWrite(_address, block) : memory().TryRead(_address, block);
            if (!ok)
            {
                Stop(drive, $"region at 0x{_address:x8} is not in memory, or the function is no bus master");
                return;
            }

            _address += (uint)block.Length;
            _remaining -= (uint)block.Length;
            drive.DmaMoved(block.Length);
            if (drive.Phase == IdePhase.Idle && _remaining == 0 && _isLast)
            {
                _status &= unchecked((byte)~Active);
            }
        }
    }

    public void Visit(StateVisitor state)
    {
        state.Field("command", ref _command);
        state.Field("status", ref _status);
        state.Field("table", ref _table);
        state.Field("entry", ref _entry);
        state.Field("entries", ref _entriesTaken);
        state.Field("address", ref _address);
        state.Field("remaining", ref _remaining);
        state.Field("last", ref _isLast);
    }

    private void WriteCommand(byte value)
    {
        bool wasStarted = (_command & Start) != 0;
        _command = (byte)(value & (Start | ToMemory));
        if ((value & Start) == 0)
        {
            _status &= unchecked((byte)~Active);
        }
        else if (!wasStarted)
        {
            _status |= Active;
            _entry = _table;
            _entriesTaken = 0;
            _remaining = 0;
            _isLast = false;
            Run();
        }
    }

    private bool NextRegion(IdeDevice drive)
    {
        if (_isLast)
        {
            // The list is shorter than the drive's transfer: the engine stops without an interrupt, and the driver finds both bits clear.
            _status &= unchecked((byte)~Active);
            tracer.GuestError(name, "the region list ends before the transfer");
            return false;
        }

        Span<byte> entry = stackalloc byte[8];
        if (_entriesTaken >= MostEntries || !memory().TryRead(_entry, entry))
        {
            Stop(drive, _entriesTaken >= MostEntries ? "the region list has no end" : $"region list at 0x{_entry:x8} is not in memory, or the function is no bus master");
            return false;
        }

        uint control = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        _address = BinaryPrimitives.ReadUInt32LittleEndian(entry) & ~1u;
        _remaining = control & 0xfffe;
        _remaining = _remaining == 0 ? 65536 : _remaining;
        _isLast = (control & EndOfTable) != 0;
        _entry += 8;
        _entriesTaken++;
        return true;
    }

    private void Stop(IdeDevice drive, string why)
    {
        tracer.GuestError(name, why);
        _status = (byte)((_status & ~Active) | Failed);
        drive.DmaFailed();
    }
}

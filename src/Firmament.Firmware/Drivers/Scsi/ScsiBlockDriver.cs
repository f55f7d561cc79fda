using System.Buffers.Binary;
using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Firmware.Drivers.Scsi;

/// <summary>A disk or CD behind any SCSI adapter. Source: SPC-4, SBC-3, MMC-3.</summary>
/// <param name="host">The firmware.</param>
/// <param name="adapter">Its adapter.</param>
/// <param name="unit">Its number there.</param>
public sealed class ScsiBlockDriver(DriverHost host, IScsiAdapter adapter, ulong unit) : CountedDriver, IBlockDriver
{
    private const int MostAttempts = 8;
    private const uint ScratchBytes = 256;
    private const byte DirectAccess = 0;
    private const byte Cdrom = 5;

    private static readonly VirtualTime BetweenAttempts = VirtualTime.FromMilliseconds(250);

    private readonly DriverMemory _scratch = new(host);
    private int _blockSize;
    private ulong _blockCount;
    private bool _isReadOnly;
    private bool _isCdrom;
    private bool _holdsAdapter;

    /// <inheritdoc/>
    public int BlockSize => _blockSize;

    /// <inheritdoc/>
    public ulong BlockCount => _blockCount;

    /// <inheritdoc/>
    public uint MaxTransfer => adapter.MaxTransfer;

    /// <inheritdoc/>
    public bool IsReadOnly => _isReadOnly;

    private string Name => $"{adapter.Name} unit {unit:x}";

    /// <inheritdoc/>
    public bool TryRead(ulong block, uint count, ulong address)
    {
        // READ(10) is what CD drives know, READ(16) what reaches beyond 2 TiB.
        const byte Read10 = 0x28;
        const byte Read16 = 0x88;
        return TryMove(block, count, address, ScsiDirection.In, Read10, Read16);
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong block, uint count, ulong address)
    {
        const byte Write10 = 0x2a;
        const byte Write16 = 0x8a;
        const byte SynchronizeCache = 0x35;
        return !_isReadOnly && TryMove(block, count, address, ScsiDirection.Out, Write10, Write16)
            && TryCommand([SynchronizeCache, 0, 0, 0, 0, 0, 0, 0, 0, 0], ScsiRequest.Empty);
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("scratch", _scratch);
        state.Field("block-size", ref _blockSize);
        state.Field("blocks", ref _blockCount);
        state.Field("read-only", ref _isReadOnly);
        state.Field("cdrom", ref _isCdrom);
        state.Field("adapter", ref _holdsAdapter);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        _holdsAdapter = adapter.TryStart();
        return _holdsAdapter && _scratch.TryClaim(ScratchBytes) && TryIdentify() && TryGetReady() && TryMeasure();
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        if (_holdsAdapter)
        {
            adapter.ResetUnit(unit);
            adapter.Stop();
            _holdsAdapter = false;
        }

        _scratch.Release();
    }

    private bool TryIdentify()
    {
        const byte Inquiry = 0x12;
        const byte Length = 36;
        if (!TryCommand([Inquiry, 0, 0, 0, Length, 0], ScsiRequest.In(_scratch.Start, Length)))
        {
            return false;
        }

        Span<byte> first = stackalloc byte[1];
        _scratch.Read(0, first);
        _isCdrom = first[0] == Cdrom;
        if (first[0] is DirectAccess or Cdrom)
        {
            return true;
        }

        host.Report(Name, $"peripheral type 0x{first[0]:x2} is neither a disk nor a CD");
        return false;
    }

    /// <summary>TEST UNIT READY until it is: what happened to the unit is told first, one thing a command.</summary>
    private bool TryGetReady()
    {
        ScsiOutcome outcome = default;
        for (int i = 0; i < MostAttempts; i++)
        {
            if (!adapter.TryExecute(unit, [0, 0, 0, 0, 0, 0], ScsiRequest.Empty, out outcome))
            {
                host.Report(Name, "no answer");
                return false;
            }

            if (outcome.IsGood)
            {
                return true;
            }

            if (outcome.HasNoMedium || (outcome.IsBusy && !host.Pause(BetweenAttempts)) || !(outcome.IsBusy || outcome.IsAttention))
            {
                break;
            }
        }

        host.Report(Name, $"it is not ready: {outcome}");
        return false;
    }

    private bool TryMeasure()
    {
        const byte ReadCapacity10 = 0x25;
        const byte ReadCapacity16 = 0x9e;
        const byte ReadCapacity16Action = 0x10;
        Span<byte> reply = stackalloc byte[12];
        if (!TryCommand([ReadCapacity10, 0, 0, 0, 0, 0, 0, 0, 0, 0], ScsiRequest.In(_scratch.Start, 8)))
        {
            return false;
        }

        _scratch.Read(0, reply[..8]);
        ulong last = BinaryPrimitives.ReadUInt32BigEndian(reply);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(reply[4..]);
        if (last == uint.MaxValue)
        {
            if (!TryCommand([ReadCapacity16, ReadCapacity16Action, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0], ScsiRequest.In(_scratch.Start, 32)))
            {
                return false;
            }

            _scratch.Read(0, reply);
            last = BinaryPrimitives.ReadUInt64BigEndian(reply);
            size = BinaryPrimitives.ReadUInt32BigEndian(reply[8..]);
        }

        if (size is < 512 or > 65536 || (size & (size - 1)) != 0)
        {
            host.Report(Name, $"blocks of {size} bytes are not possible");
            return false;
        }

        (_blockSize, _blockCount) = ((int)size, last + 1);
        _isReadOnly = _isCdrom || IsWriteProtected();
        return true;
    }

    private bool IsWriteProtected()
    {
        const byte ModeSense = 0x1a;
        const byte NoBlockDescriptors = 8;
        const byte AllPages = 0x3f;
        const byte WriteProtect = 0x80;
        if (!TryCommand([ModeSense, NoBlockDescriptors, AllPages, 0, 4, 0], ScsiRequest.In(_scratch.Start, 4)))
        {
            return false;
        }

        Span<byte> header = stackalloc byte[4];
        _scratch.Read(0, header);
        return (header[2] & WriteProtect) != 0;
    }

    private bool TryMove(ulong block, uint count, ulong address, ScsiDirection direction, byte short10, byte long16)
    {
        if (!IsRunning || block > _blockCount || count > _blockCount - block || (ulong)count * (uint)_blockSize > MaxTransfer)
        {
            host.Report(Name, $"{count} blocks from {block}: outside its {(IsRunning ? _blockCount : 0)} blocks, or too many at once");
            return false;
        }

        if (count == 0)
        {
            return true;
        }

        Span<byte> command = stackalloc byte[16];
        command.Clear();
        if (block + count <= uint.MaxValue && count <= ushort.MaxValue)
        {
            command[0] = short10;
            BinaryPrimitives.WriteUInt32BigEndian(command[2..], (uint)block);
            BinaryPrimitives.WriteUInt16BigEndian(command[7..], (ushort)count);
            command = command[..10];
        }
        else
        {
            command[0] = long16;
            BinaryPrimitives.WriteUInt64BigEndian(command[2..], block);
            BinaryPrimitives.WriteUInt32BigEndian(command[10..], count);
        }

        return TryCommand(command, new ScsiRequest(direction, address, count * (uint)_blockSize));
    }

    /// <summary>Sends a command again when all that hindered it was something to be told first, or a unit that is still busy.</summary>
    private bool TryCommand(ReadOnlySpan<byte> command, ScsiRequest data)
    {
        ScsiOutcome outcome = default;
        for (int i = 0; i < MostAttempts; i++)
        {
            if (!adapter.TryExecute(unit, command, data, out outcome))
            {
                host.Report(Name, $"command 0x{command[0]:x2}: no answer");
                return false;
            }

            if (outcome.IsGood)
            {
                return true;
            }

            if (!(outcome.IsBusy && host.Pause(BetweenAttempts)) && !outcome.IsAttention)
            {
                break;
            }
        }

        host.Report(Name, $"command 0x{command[0]:x2}: {outcome}");
        return false;
    }
}

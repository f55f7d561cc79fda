using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// A SCSI disk with blocks of 512 bytes. Source: SBC-3. Mode pages and vital product data are in ScsiDisk.Pages.cs.
/// Not modelled: reservations, protection information.
/// </summary>
/// <remarks>UNMAP is a hint (SBC-3 4.7.3.4): a checked range keeps its contents, so that a raw image does not grow.</remarks>
public sealed partial class ScsiDisk : ScsiUnit
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = DiskImage.SectorSize;

    /// <summary>The most blocks of one command: 32 MiB.</summary>
    public const uint MostBlocks = 65536;

    private readonly IBlockBackend _disk;
    private byte _operation;
    private byte _work;
    private bool _forceUnitAccess;
    private bool _isStopped;
    private bool _writeCache = true;
    private ulong _block;
    private uint _count;

    /// <summary>Makes a disk.</summary>
    /// <param name="disk">The image; a read-only one makes a write-protected disk. Stays the caller's to dispose.</param>
    /// <param name="model">Product; 16 ASCII characters count.</param>
    /// <param name="serial">Serial number; 20 ASCII characters count.</param>
    public ScsiDisk(IBlockBackend disk, string model = "Firmament disk", string serial = "FM00001")
        : base(model, serial)
    {
        _disk = disk;
        Reset();
    }

    /// <inheritdoc/>
    protected override byte PeripheralType => 0x00;

    private ulong Blocks => (ulong)_disk.Length / BlockSize;

    private enum Work : byte
    {
        None,
        Read,
        Write,
        WriteAndVerify,
        Compare,
        WriteSame,
        Unmap,
        ModeSelect,
        ModeSelectShort,
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _writeCache = true;
        _isStopped = false;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("operation", ref _operation);
        state.Field("work", ref _work);
        state.Field("fua", ref _forceUnitAccess);
        state.Field("stopped", ref _isStopped);
        state.Field("write-cache", ref _writeCache);
        state.Field("block", ref _block);
        state.Field("count", ref _count);
    }

    /// <inheritdoc/>
    protected override void Run(byte operation, ReadOnlySpan<byte> command)
    {
        _operation = operation;
        _work = (byte)Work.None;
        _forceUnitAccess = false;
        bool needsMotor = operation is 0x00 or 0x08 or 0x0a or 0x25 or 0x28 or 0x2a or 0x2e or 0x2f or 0x41 or 0x42 or 0x88 or 0x8a or 0x8e or 0x8f
            or 0x93 or 0x9e or 0xa8 or 0xaa or 0xae or 0xaf;
        if (_isStopped && needsMotor)
        {
            Fail(new ScsiSense(ScsiSense.NotReady, 4, 2));
            return;
        }

        switch (operation)
        {
            case 0x00: // TEST UNIT READY
            case 0x1d: // SEND DIAGNOSTIC
            case 0x1e: // PREVENT ALLOW MEDIUM REMOVAL
            case 0x2b: // SEEK(10)
                break;
            case 0x08:
                Move(Work.Read, BinaryPrimitives.ReadUInt32BigEndian(command) & 0x1f_ffff, command[4] == 0 ? 256u : command[4]);
                break;
            case 0x0a:
                Move(Work.Write, BinaryPrimitives.ReadUInt32BigEndian(command) & 0x1f_ffff, command[4] == 0 ? 256u : command[4]);
                break;
            case 0x15:
                StartModeSelect(Work.ModeSelectShort, command[1], command[4]);
                break;
            case 0x55:
                StartModeSelect(Work.ModeSelect, command[1], BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
                break;
            case 0x1a:
                ModeSense(command, command[4], isShort: true);
                break;
            case 0x5a:
                ModeSense(command, BinaryPrimitives.ReadUInt16BigEndian(command[7..]), isShort: false);
                break;
            case 0x1b:
                StartStop(command[4]);
                break;
            case 0x25:
                ReadCapacity10();
                break;
            case 0x9e when (command[1] & 0x1f) == 0x10:
                ReadCapacity16(BinaryPrimitives.ReadUInt32BigEndian(command[10..]));
                break;
            case 0x28 or 0x88 or 0xa8:
                Move(Work.Read, command);
                break;
            case 0x2a or 0x8a or 0xaa:
                Move(Work.Write, command);
                break;
            case 0x2e or 0x8e or 0xae:
                Move(Work.WriteAndVerify, command);
                break;
            case 0x2f or 0x8f or 0xaf:
                Verify(command);
                break;
            case 0x35 or 0x91:
                Flush();
                break;
            case 0x41 or 0x93:
                StartWriteSame(command);
                break;
            case 0x42:
                StartUnmap(command);
                break;
            default:
                Fail(ScsiSense.InvalidOperation);
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool TryReadMedium(long offset, Span<byte> destination) => _disk.TryRead(((long)_block * BlockSize) + offset, destination);

    /// <inheritdoc/>
    protected override ScsiSense WriteMedium(long offset, ReadOnlySpan<byte> source)
    {
        long at = ((long)_block * BlockSize) + offset;
        if ((Work)_work != Work.Compare && !_disk.TryWrite(at, source))
        {
            return ScsiSense.WriteError;
        }

        if ((Work)_work == Work.Write)
        {
            return ScsiSense.None;
        }

        byte[] there = new byte[source.Length];
        return !_disk.TryRead(at, there) ? ScsiSense.ReadError
            : source.SequenceEqual(there) ? ScsiSense.None : new ScsiSense(ScsiSense.Miscompare, 0x1d);
    }

    /// <inheritdoc/>
    protected override void DataTaken(long length)
    {
        switch ((Work)_work)
        {
            case Work.Write or Work.WriteAndVerify when _forceUnitAccess || !_writeCache:
                Flush();
                break;
            case Work.WriteSame:
                WriteSame(length);
                break;
            case Work.Unmap:
                Unmap((int)length);
                break;
            case Work.ModeSelect or Work.ModeSelectShort:
                ModeSelect((int)length, isShort: (Work)_work == Work.ModeSelectShort);
                break;
        }
    }

    /// <summary>Address and count of a command of 10, 12 or 16 bytes, told by the upper bits of its operation code.</summary>
    private void Decode(ReadOnlySpan<byte> command, out ulong block, out uint count) =>
        (block, count) = (_operation >> 5) switch
        {
            4 => (BinaryPrimitives.ReadUInt64BigEndian(command[2..]), BinaryPrimitives.ReadUInt32BigEndian(command[10..])),
            5 => (BinaryPrimitives.ReadUInt32BigEndian(command[2..]), BinaryPrimitives.ReadUInt32BigEndian(command[6..])),
            _ => (BinaryPrimitives.ReadUInt32BigEndian(command[2..]), BinaryPrimitives.ReadUInt16BigEndian(command[7..])),
        };

    private void Move(Work work, ReadOnlySpan<byte> command)
    {
        const int ForceUnitAccess = 8;
        const int Protection = 0xe0;
        Decode(command, out ulong block, out uint count);
        if ((command[1] & Protection) != 0)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        _forceUnitAccess = (command[1] & ForceUnitAccess) != 0;
        Move(work, block, count);
    }

    private void Move(Work work, ulong block, uint count)
    {
        if (!TrySelect(block, count))
        {
            return;
        }

        if (work is Work.Write or Work.WriteAndVerify && _disk.IsReadOnly)
        {
            Fail(ScsiSense.WriteProtected);
            return;
        }

        _work = (byte)work;
        StartMedium(work == Work.Read ? ScsiDirection.In : ScsiDirection.Out, (long)count * BlockSize);
    }

    private bool TrySelect(ulong block, uint count)
    {
        bool isInRange = block <= Blocks && count <= Blocks - block;
        if (!isInRange || count > MostBlocks)
        {
            Fail(isInRange ? ScsiSense.InvalidField : ScsiSense.OutOfRange);
            return false;
        }

        (_block, _count) = (block, count);
        return true;
    }

    private void Verify(ReadOnlySpan<byte> command)
    {
        const int CompareBytes = 2;
        if ((command[1] & CompareBytes) != 0)
        {
            Move(Work.Compare, command);
            return;
        }

        Decode(command, out ulong block, out uint count);
        _ = TrySelect(block, count);
    }

    private void Flush()
    {
        if (!_disk.TryFlush())
        {
            Fail(ScsiSense.WriteError);
        }
    }

    private void StartStop(byte what)
    {
        const int Start = 1;
        const int LoadEject = 2;
        const int PowerCondition = 0xf0;
        if ((what & LoadEject) != 0)
        {
            Fail(ScsiSense.InvalidField);
        }
        else if ((what & PowerCondition) == 0)
        {
            _isStopped = (what & Start) == 0;
        }
    }

    private void ReadCapacity10()
    {
        Span<byte> reply = NewReply(8);
        BinaryPrimitives.WriteUInt32BigEndian(reply, (uint)Math.Min(Blocks - 1, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(reply[4..], BlockSize);
        Reply(8, 8);
    }

    private void ReadCapacity16(uint allocation)
    {
        const byte ThinProvisioned = 0x80;
        Span<byte> reply = NewReply(32);
        BinaryPrimitives.WriteUInt64BigEndian(reply, Blocks - 1);
        BinaryPrimitives.WriteUInt32BigEndian(reply[8..], BlockSize);
        reply[14] = _disk.IsReadOnly ? (byte)0 : ThinProvisioned;
        Reply(32, allocation);
    }

    private void StartWriteSame(ReadOnlySpan<byte> command)
    {
        const int NoData = 1;
        const int Protection = 0xe0;
        Decode(command, out ulong block, out uint count);
        // WSNZ of the block limits page: a count of 0 does not mean the rest of the disk.
        if (count == 0 || (command[1] & Protection) != 0)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        if (!TrySelect(block, count))
        {
            return;
        }

        if (_disk.IsReadOnly)
        {
            Fail(ScsiSense.WriteProtected);
            return;
        }

        _work = (byte)Work.WriteSame;
        if (_operation == 0x93 && (command[1] & NoData) != 0)
        {
            NewReply(BlockSize);
            WriteSame(BlockSize);
        }
        else
        {
            AskForList(BlockSize);
        }
    }

    private void WriteSame(long length)
    {
        if (length < BlockSize)
        {
            Fail(ScsiSense.InvalidParameter);
            return;
        }

        for (ulong i = 0; i < _count; i++)
        {
            if (!_disk.TryWrite((long)(_block + i) * BlockSize, Buffer[..BlockSize]))
            {
                Fail(ScsiSense.WriteError);
                return;
            }
        }
    }

    private void StartUnmap(ReadOnlySpan<byte> command)
    {
        if (_disk.IsReadOnly)
        {
            Fail(ScsiSense.WriteProtected);
            return;
        }

        _work = (byte)Work.Unmap;
        AskForList(BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
    }

    private void Unmap(int length)
    {
        const int HeaderLength = 8;
        const int DescriptorLength = 16;
        ReadOnlySpan<byte> list = Buffer[..length];
        if (length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(list[2..]) + HeaderLength > length)
        {
            Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x1a));
            return;
        }

        int end = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
        for (int at = HeaderLength; at + DescriptorLength <= end; at += DescriptorLength)
        {
            ulong block = BinaryPrimitives.ReadUInt64BigEndian(list[at..]);
            uint count = BinaryPrimitives.ReadUInt32BigEndian(list[(at + 8)..]);
            if (block > Blocks || count > Blocks - block)
            {
                Fail(ScsiSense.OutOfRange);
                return;
            }
        }
    }
}

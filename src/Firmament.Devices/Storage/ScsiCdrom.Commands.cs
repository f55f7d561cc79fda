using System.Buffers.Binary;

namespace Firmament.Devices.Storage;

/// <summary>The commands of a CD-ROM drive. Source: SPC-3 (MODE SENSE) and MMC-3 (the rest).</summary>
public sealed partial class ScsiCdrom
{
    private const byte CdRomProfile = 0x08;

    /// <inheritdoc/>
    protected override void Run(byte operation, ReadOnlySpan<byte> command)
    {
        bool needsMedium = operation is 0x00 or 0x25 or 0x28 or 0xa8 or 0x43 or 0xbe or 0x2b or 0x44 or 0x42 or 0x51;
        if (needsMedium && (_medium == null || _trayOpen))
        {
            Fail(new ScsiSense(ScsiSense.NotReady, 0x3a, _trayOpen ? (byte)2 : (byte)1));
            return;
        }

        switch (operation)
        {
            case 0x00: // TEST UNIT READY
            case 0x2b: // SEEK(10)
            case 0xbb: // SET CD SPEED
            case 0x35: // SYNCHRONIZE CACHE(10)
                break;
            case 0x1a:
                ModeSense(command[2], command[4], isShort: true);
                break;
            case 0x1b:
                StartStop(command[4]);
                break;
            case 0x1e:
                _isLocked = (command[4] & 1) != 0;
                break;
            case 0x25:
                ReadCapacity();
                break;
            case 0x28: // READ(10)
                ReplyBlocks(BinaryPrimitives.ReadUInt32BigEndian(command[2..]), BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
                break;
            case 0xa8: // READ(12)
                ReplyBlocks(BinaryPrimitives.ReadUInt32BigEndian(command[2..]), BinaryPrimitives.ReadUInt32BigEndian(command[6..]));
                break;
            case 0x42:
                ReadSubChannel(command);
                break;
            case 0x43:
                ReadToc(command);
                break;
            case 0x46:
                GetConfiguration(command);
                break;
            case 0x4a:
                GetEventStatus(command);
                break;
            case 0x51:
                ReadDiscInformation(command);
                break;
            case 0x5a:
                ModeSense(command[2], BinaryPrimitives.ReadUInt16BigEndian(command[7..]), isShort: false);
                break;
            case 0xbd:
                MechanismStatus(command);
                break;
            case 0xbe:
                ReadCd(command);
                break;
            default:
                Fail(ScsiSense.InvalidOperation);
                break;
        }
    }

    private void ReadCapacity()
    {
        Span<byte> reply = NewReply(8);
        BinaryPrimitives.WriteUInt32BigEndian(reply, (uint)(Blocks - 1));
        BinaryPrimitives.WriteUInt32BigEndian(reply[4..], BlockSize);
        Reply(8, 8);
    }

    private void ModeSense(byte page, int allocation, bool isShort)
    {
        const int ChangeableValues = 1;
        const int SavedValues = 3;
        int control = page >> 6;
        if (control == SavedValues)
        {
            Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x39));
            return;
        }

        page &= 0x3f;
        int header = isShort ? 4 : 8;
        Span<byte> reply = NewReply(256);
        int at = header;
        bool all = page == 0x3f;
        if (all || page == 0x01)
        {
            // Read error recovery.
            reply[at] = 0x01;
            reply[at + 1] = 6;
            reply[at + 3] = control == ChangeableValues ? (byte)0 : (byte)5;
            at += 8;
        }

        if (all || page == 0x0e)
        {
            // CD audio: volume full, both channels.
            reply[at] = 0x0e;
            reply[at + 1] = 14;
            if (control != ChangeableValues)
            {
                reply[at + 2] = 4;
                reply[at + 8] = 1;
                reply[at + 9] = 0xff;
                reply[at + 10] = 2;
                reply[at + 11] = 0xff;
            }

            at += 16;
        }

        if (all || page == 0x2a)
        {
            // Capabilities and mechanical status: lockable tray, 706 kB/s × 4.
            reply[at] = 0x2a;
            reply[at + 1] = 18;
            if (control != ChangeableValues)
            {
                reply[at + 6] = (byte)(0x29 | (_isLocked ? 2 : 0));
                BinaryPrimitives.WriteUInt16BigEndian(reply[(at + 8)..], 2822);
                BinaryPrimitives.WriteUInt16BigEndian(reply[(at + 12)..], 512);
                BinaryPrimitives.WriteUInt16BigEndian(reply[(at + 14)..], 2822);
            }

            at += 20;
        }

        if (at == header)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        byte mediumType = _trayOpen ? (byte)0x71 : _medium == null ? (byte)0x70 : (byte)0x01;
        if (isShort)
        {
            reply[0] = (byte)(at - 1);
            reply[1] = mediumType;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(reply, (ushort)(at - 2));
            reply[2] = mediumType;
        }

        Reply(at, allocation);
    }

    private void StartStop(byte what)
    {
        const int Start = 1;
        const int LoadEject = 2;
        const byte EjectRequested = 1;
        if ((what & LoadEject) != 0)
        {
            bool open = (what & Start) == 0;
            if (open && _isLocked)
            {
                Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x53, 2));
                return;
            }

            if (open != _trayOpen)
            {
                _trayOpen = open;
                _mediumEvent = open ? EjectRequested : _medium != null ? (byte)2 : (byte)0;
                Attention = !open && _medium != null ? MediumChanged : ScsiSense.None;
            }
        }
    }

    private void ReadToc(ReadOnlySpan<byte> command)
    {
        const byte LeadOut = 0xaa;
        const byte DataTrack = 0x14;
        bool inMinutes = (command[1] & 2) != 0;
        int format = command[2] & 0xf;
        format = format == 0 ? command[9] >> 6 : format;
        byte first = command[6];
        int allocation = BinaryPrimitives.ReadUInt16BigEndian(command[7..]);
        Span<byte> reply = NewReply(64);
        int at = 4;
        reply[2] = 1;
        reply[3] = 1;
        switch (format)
        {
            case 0 when first is <= 1 or LeadOut:
                if (first <= 1)
                {
                    at = TocEntry(reply, at, DataTrack, 1, 0, inMinutes);
                }

                at = TocEntry(reply, at, DataTrack, LeadOut, Blocks, inMinutes);
                break;
            case 1: // multi-session: one session, its first track
                at = TocEntry(reply, at, DataTrack, 1, 0, inMinutes);
                break;
            case 2: // full table
                at = FullTocEntry(reply, at, 0xa0, 1, 0);
                at = FullTocEntry(reply, at, 0xa1, 1, 0);
                at = FullTocEntry(reply, at, 0xa2, -1, Blocks);
                at = FullTocEntry(reply, at, 1, -1, 0);
                break;
            default:
                Fail(ScsiSense.InvalidField);
                return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(reply, (ushort)(at - 2));
        Reply(at, allocation);
    }

    private static int TocEntry(Span<byte> reply, int at, byte control, byte track, long block, bool inMinutes)
    {
        reply[at + 1] = control;
        reply[at + 2] = track;
        if (inMinutes)
        {
            Minutes(reply[(at + 5)..], block);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(reply[(at + 4)..], (uint)block);
        }

        return at + 8;
    }

    private static int FullTocEntry(Span<byte> reply, int at, byte point, int number, long block)
    {
        reply[at] = 1;
        reply[at + 1] = 0x14;
        reply[at + 3] = point;
        if (number >= 0)
        {
            reply[at + 8] = (byte)number;
        }
        else
        {
            Minutes(reply[(at + 8)..], block);
        }

        return at + 11;
    }

    /// <summary>Minute, second, frame: 75 frames a second, and block 0 is at two seconds.</summary>
    private static void Minutes(Span<byte> destination, long block)
    {
        block += 150;
        destination[0] = (byte)Math.Min(block / 75 / 60, 255);
        destination[1] = (byte)(block / 75 % 60);
        destination[2] = (byte)(block % 75);
    }

    private void GetConfiguration(ReadOnlySpan<byte> command)
    {
        int kind = command[1] & 3;
        int start = BinaryPrimitives.ReadUInt16BigEndian(command[2..]);
        Span<byte> reply = NewReply(64);
        bool hasMedium = _medium != null && !_trayOpen;
        reply[7] = hasMedium ? CdRomProfile : (byte)0;
        int at = 8;
        if (Wants(0x0000))
        {
            reply[at + 2] = 3;
            reply[at + 3] = 4;
            reply[at + 5] = CdRomProfile;
            reply[at + 6] = hasMedium ? (byte)1 : (byte)0;
            at += 8;
        }

        if (Wants(0x0001))
        {
            // Core: the command set travels by ATAPI or SCSI.
            reply[at + 1] = 1;
            reply[at + 2] = 0x0b;
            reply[at + 3] = 8;
            reply[at + 7] = _isAtapi ? (byte)2 : (byte)1;
            reply[at + 8] = 1;
            at += 12;
        }

        if (Wants(0x0003))
        {
            // Removable medium: tray that locks and ejects.
            reply[at + 1] = 3;
            reply[at + 2] = 3;
            reply[at + 3] = 4;
            reply[at + 4] = 0x29;
            at += 8;
        }

        if (Wants(0x001e) && (hasMedium || kind != 1))
        {
            // CD read.
            reply[at + 1] = 0x1e;
            reply[at + 2] = hasMedium ? (byte)9 : (byte)8;
            reply[at + 3] = 4;
            at += 8;
        }

        BinaryPrimitives.WriteUInt32BigEndian(reply, (uint)(at - 4));
        Reply(at, BinaryPrimitives.ReadUInt16BigEndian(command[7..]));

        bool Wants(int feature) => kind == 2 ? feature == start : feature >= start;
    }

    private void GetEventStatus(ReadOnlySpan<byte> command)
    {
        const int Polled = 1;
        const int MediaClass = 4;
        if ((command[1] & Polled) == 0)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        Span<byte> reply = NewReply(8);
        int length = 4;
        reply[3] = 1 << MediaClass;
        if ((command[4] & (1 << MediaClass)) != 0)
        {
            reply[2] = MediaClass;
            reply[4] = _mediumEvent;
            reply[5] = (byte)((_trayOpen ? 1 : 0) | (_medium != null && !_trayOpen ? 2 : 0));
            _mediumEvent = 0;
            length = 8;
        }
        else
        {
            reply[2] = 0x80; // none of the classes asked for
        }

        BinaryPrimitives.WriteUInt16BigEndian(reply, (ushort)(length - 2));
        Reply(length, BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
    }

    private void ReadDiscInformation(ReadOnlySpan<byte> command)
    {
        Span<byte> reply = NewReply(34);
        reply[1] = 32;
        reply[2] = 0x0e; // complete disc, complete session
        reply[3] = reply[4] = reply[5] = reply[6] = 1;
        reply[7] = 0x20; // unrestricted use
        reply.Slice(16, 8).Fill(0xff);
        Reply(34, BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
    }

    private void ReadSubChannel(ReadOnlySpan<byte> command)
    {
        const int SubQ = 0x40;
        if ((command[2] & SubQ) != 0 && command[3] != 1)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        int length = (command[2] & SubQ) != 0 ? 16 : 4;
        Span<byte> reply = NewReply(length);
        reply[1] = 0x15; // no audio status
        reply[3] = (byte)(length - 4);
        if (length > 4)
        {
            reply[4] = 1;
            reply[5] = 0x14;
            reply[6] = 1;
            reply[7] = 1;
        }

        Reply(length, BinaryPrimitives.ReadUInt16BigEndian(command[7..]));
    }

    private void MechanismStatus(ReadOnlySpan<byte> command)
    {
        NewReply(8)[1] = _trayOpen ? (byte)0x10 : (byte)0;
        Reply(8, BinaryPrimitives.ReadUInt16BigEndian(command[8..]));
    }

    private void ReadCd(ReadOnlySpan<byte> command)
    {
        const int UserData = 0x10;
        long block = BinaryPrimitives.ReadUInt32BigEndian(command[2..]);
        long count = (command[6] << 16) | (command[7] << 8) | command[8];
        int expected = command[1] >> 2 & 7;
        // Not modelled: raw sectors, headers and sub-channels, which an ISO file does not hold.
        if (expected is not (0 or 2 or 4) || (command[9] & 0xfe) is not (0 or UserData) || command[10] != 0)
        {
            Fail(new ScsiSense(ScsiSense.IllegalRequest, expected is 0 or 2 or 4 ? (byte)0x24 : (byte)0x64));
            return;
        }

        ReplyBlocks(block, command[9] == 0 ? 0 : count);
    }
}

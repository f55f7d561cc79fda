using System.Buffers.Binary;

namespace Firmament.Devices.Storage;

/// <summary>Mode pages and vital product data. Source: SPC-4 7.5 and 7.8, SBC-3 6.5 and 6.6.</summary>
public sealed partial class ScsiDisk
{
    private const byte RecoveryPage = 0x01;
    private const byte CachingPage = 0x08;
    private const byte ControlPage = 0x0a;
    private const byte AllPages = 0x3f;
    private const int CachingLength = 20;
    private const byte WriteCacheEnable = 4;

    /// <inheritdoc/>
    protected override int WriteVitalPage(byte page)
    {
        Span<byte> body = Buffer[4..];
        switch (page)
        {
            case 0x00:
                ReadOnlySpan<byte> pages = [0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2];
                pages.CopyTo(body);
                return pages.Length;
            case 0x80:
                return WriteSerialPage();
            case 0x83:
                return WriteIdentificationPage();
            case 0xb0: // block limits
                body[0] = 1; // WSNZ
                BinaryPrimitives.WriteUInt32BigEndian(body[4..], MostBlocks);
                BinaryPrimitives.WriteUInt32BigEndian(body[16..], _disk.IsReadOnly ? 0 : uint.MaxValue);
                BinaryPrimitives.WriteUInt32BigEndian(body[20..], _disk.IsReadOnly ? 0 : 255u);
                BinaryPrimitives.WriteUInt64BigEndian(body[32..], MostBlocks);
                return 60;
            case 0xb1: // block device characteristics: no rotation
                BinaryPrimitives.WriteUInt16BigEndian(body, 1);
                return 60;
            case 0xb2: // logical block provisioning: UNMAP; what it leaves behind is not told
                body[1] = _disk.IsReadOnly ? (byte)0 : (byte)0x80;
                body[2] = _disk.IsReadOnly ? (byte)0 : (byte)2;
                return 4;
            default:
                return -1;
        }
    }

    private void ModeSense(ReadOnlySpan<byte> command, int allocation, bool isShort)
    {
        const int DisableBlockDescriptor = 8;
        const int SavedValues = 3;
        const byte WriteProtect = 0x80;
        const byte ForceUnitAccessKnown = 0x10;
        int control = command[2] >> 6;
        byte page = (byte)(command[2] & 0x3f);
        if (control == SavedValues)
        {
            Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x39));
            return;
        }

        if (command[3] is not (0 or 0xff) || page is not (RecoveryPage or CachingPage or ControlPage or AllPages))
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        int header = isShort ? 4 : 8;
        Span<byte> reply = NewReply(256);
        int at = header;
        if ((command[1] & DisableBlockDescriptor) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(reply[at..], (uint)Math.Min(Blocks, 0xff_ffff));
            BinaryPrimitives.WriteUInt32BigEndian(reply[(at + 4)..], BlockSize);
            at += 8;
        }

        reply[header - 1] = (byte)(at - header);
        at = WritePages(reply, at, page, isChangeable: control == 1);
        byte specific = (byte)(ForceUnitAccessKnown | (_disk.IsReadOnly ? WriteProtect : 0));
        if (isShort)
        {
            reply[0] = (byte)(at - 1);
            reply[2] = specific;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(reply, (ushort)(at - 2));
            reply[3] = specific;
        }

        Reply(at, allocation);
    }

    private int WritePages(Span<byte> reply, int at, byte page, bool isChangeable)
    {
        if (page is RecoveryPage or AllPages)
        {
            reply[at] = RecoveryPage;
            reply[at + 1] = 10;
            reply[at + 2] = isChangeable ? (byte)0 : (byte)0x80; // automatic write reallocation
            at += 12;
        }

        if (page is CachingPage or AllPages)
        {
            reply[at] = CachingPage;
            reply[at + 1] = CachingLength - 2;
            reply[at + 2] = isChangeable || _writeCache ? WriteCacheEnable : (byte)0;
            at += CachingLength;
        }

        if (page is ControlPage or AllPages)
        {
            reply[at] = ControlPage;
            reply[at + 1] = 10;
            at += 12;
        }

        return at;
    }

    private void StartModeSelect(Work work, byte flags, int length)
    {
        const int PageFormat = 0x10;
        const int SavePages = 1;
        if ((flags & (PageFormat | SavePages)) != PageFormat)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        _work = (byte)work;
        AskForList(length);
    }

    /// <summary>Takes a parameter list: the only value that can be changed is whether the write cache is on.</summary>
    private void ModeSelect(int length, bool isShort)
    {
        int header = isShort ? 4 : 8;
        ReadOnlySpan<byte> list = Buffer[..length];
        int descriptors = length < header ? -1 : isShort ? list[3] : BinaryPrimitives.ReadUInt16BigEndian(list[6..]);
        if (descriptors is not (0 or 8) || header + descriptors > length)
        {
            Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x1a));
            return;
        }

        bool writeCache = _writeCache;
        Span<byte> current = stackalloc byte[CachingLength];
        for (int at = header + descriptors; at < length;)
        {
            if (at + 2 > length || at + 2 + list[at + 1] > length)
            {
                Fail(new ScsiSense(ScsiSense.IllegalRequest, 0x1a));
                return;
            }

            byte page = (byte)(list[at] & 0x3f);
            current.Clear();
            int known = page is RecoveryPage or CachingPage or ControlPage ? WritePages(current, 0, page, isChangeable: false) : 0;
            ReadOnlySpan<byte> given = list.Slice(at + 2, list[at + 1]);
            if (known != given.Length + 2)
            {
                Fail(ScsiSense.InvalidParameter);
                return;
            }

            if (page == CachingPage)
            {
                writeCache = (given[0] & WriteCacheEnable) != 0;
                current[2] = given[0];
            }

            if (!given.SequenceEqual(current[2..known]) || (page == CachingPage && (given[0] & ~WriteCacheEnable) != 0))
            {
                Fail(ScsiSense.InvalidParameter);
                return;
            }

            at += known;
        }

        if (!writeCache)
        {
            Flush();
        }

        _writeCache = writeCache;
    }
}

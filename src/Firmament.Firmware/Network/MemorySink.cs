namespace Firmament.Firmware.Network;

/// <summary>Writes a file into guest memory and shows its progress, a dot for each 2 MiB.</summary>
internal sealed class MemorySink(GuestAddressSpace space, ulong address, long room, IFirmwareConsole console) : ITftpSink
{
    private const long BytesOfDot = 2 << 20;

    private long _length;

    public bool TryBegin(long length) => length <= room && (length <= 0 || space.CanAccess(address, (ulong)length, write: true));

    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > room - _length || !space.TryWrite(address + (ulong)_length, bytes))
        {
            return false;
        }

        long before = _length;
        _length += bytes.Length;
        if (before / BytesOfDot != _length / BytesOfDot)
        {
            console.Write("."u8);
        }

        return true;
    }
}

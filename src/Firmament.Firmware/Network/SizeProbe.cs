namespace Firmament.Firmware.Network;

/// <summary>Wants to know whether there is a file, and how long it is, and no more.</summary>
internal sealed class SizeProbe : ITftpSink
{
    public bool TryBegin(long length) => false;

    public bool TryTake(ReadOnlySpan<byte> bytes) => false;
}

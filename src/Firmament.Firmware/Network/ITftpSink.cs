namespace Firmament.Firmware.Network;

/// <summary>Takes a file as it arrives.</summary>
internal interface ITftpSink
{
    /// <summary>The server has the file.</summary>
    /// <param name="length">Its bytes, as the server says; −1 when it does not.</param>
    /// <returns>False to decline it.</returns>
    bool TryBegin(long length);

    /// <summary>Takes the next bytes.</summary>
    /// <returns>False when there is no room for them.</returns>
    bool TryTake(ReadOnlySpan<byte> bytes);
}

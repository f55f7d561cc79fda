namespace Firmament.Firmware;

/// <summary>A console as firmware sees it: bytes out, and the bytes that have arrived.</summary>
public interface IFirmwareConsole
{
    /// <summary>Sends bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Takes bytes that have arrived. Returns how many; 0 when none waits. Never blocks.</summary>
    int Read(Span<byte> destination);
}

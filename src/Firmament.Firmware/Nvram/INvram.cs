namespace Firmament.Firmware.Nvram;

/// <summary>Non-volatile memory: bytes that survive power-off.</summary>
public interface INvram
{
    /// <summary>Bytes.</summary>
    int Size { get; }

    /// <summary>Reads. False, with nothing copied, when any of it is outside.</summary>
    bool TryRead(int offset, Span<byte> destination);

    /// <summary>Writes. False, with nothing changed, when any of it is outside or the store cannot keep it.</summary>
    bool TryWrite(int offset, ReadOnlySpan<byte> source);
}

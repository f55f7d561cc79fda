using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Display;

/// <summary>A display that the firmware drives: a picture of one byte a pixel, and a palette of 256 colours. At rest until <see cref="TryStart"/>.</summary>
public interface IDisplayDriver : IStateful
{
    /// <summary>Pixels in a row.</summary>
    int Width { get; }

    /// <summary>Rows.</summary>
    int Height { get; }

    /// <summary>True between <see cref="TryStart"/> and the last <see cref="Stop"/>.</summary>
    bool IsRunning { get; }

    /// <summary>Where the CPU sees the first pixel; null while it does not, or past 4 GiB.</summary>
    uint? Address { get; }

    /// <summary>Sets the mode. Counted, as <see cref="IBlockDriver.TryStart"/> is.</summary>
    /// <returns>False when the card does not answer.</returns>
    bool TryStart();

    /// <summary>Undoes one <see cref="TryStart"/>. The picture stays.</summary>
    void Stop();

    /// <summary>Sets a colour of the palette. Running displays only, as for all that follows.</summary>
    void SetColor(byte index, byte red, byte green, byte blue);

    /// <summary>A colour of the palette.</summary>
    (byte Red, byte Green, byte Blue) GetColor(byte index);

    /// <summary>Reads pixels of a row; the caller keeps inside the picture.</summary>
    void Read(int x, int y, Span<byte> pixels);

    /// <summary>Writes pixels of a row; the caller keeps inside the picture.</summary>
    void Write(int x, int y, ReadOnlySpan<byte> pixels);
}

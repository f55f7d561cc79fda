using Firmament.Firmware;

namespace Firmament.Machines.Booting;

/// <summary>The firmware's console, which remembers whether anything was read from it.</summary>
internal sealed class ShellConsole(IFirmwareConsole console) : IFirmwareConsole
{
    private bool _progress;

    /// <summary>True when something was read since the last call.</summary>
    public bool TakeProgress()
    {
        bool progress = _progress;
        _progress = false;
        return progress;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => console.Write(bytes);

    /// <inheritdoc/>
    public int Read(Span<byte> destination)
    {
        int count = console.Read(destination);
        _progress |= count > 0;
        return count;
    }
}

using Firmament.Devices.Buses.Vio;
using Firmament.Firmware;

namespace Firmament.Machines.Pseries;

/// <summary>The first virtual terminal as firmware uses it: one input queue for firmware and kernel. A partition may have none.</summary>
internal sealed class TerminalConsole(SpaprVty? terminal) : IFirmwareConsole
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => terminal?.Output.Write(bytes);

    /// <inheritdoc/>
    public int Read(Span<byte> destination) => terminal?.Read(destination) ?? 0;
}

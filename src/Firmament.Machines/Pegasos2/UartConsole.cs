using Firmament.Core.Backends;
using Firmament.Firmware;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Pegasos2;

/// <summary>
/// The serial port as firmware uses it: input is polled from the UART's registers, so that firmware and kernel share one receiver;
/// output goes past the transmitter to the backend, for firmware runs in no time and cannot wait for the line.
/// </summary>
internal sealed class UartConsole(ICharacterBackend backend, LittleEndianBus bus) : IFirmwareConsole
{
    private const uint Uart = BoardSetup.IsaPorts + 0x2f8;
    private const uint ReceiveBuffer = Uart;
    private const uint LineControl = Uart + 3;
    private const uint LineStatus = Uart + 5;
    private const uint DivisorLatch = 0x80;
    private const uint DataReady = 1;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => backend.Write(bytes);

    /// <inheritdoc/>
    public int Read(Span<byte> destination)
    {
        int count = 0;
        while (count < destination.Length && (bus.Read(LineControl, 1) & DivisorLatch) == 0 && (bus.Read(LineStatus, 1) & DataReady) != 0)
        {
            destination[count++] = (byte)bus.Read(ReceiveBuffer, 1);
        }

        return count;
    }
}

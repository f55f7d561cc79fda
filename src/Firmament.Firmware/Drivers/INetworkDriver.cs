using Firmament.Core.State;

namespace Firmament.Firmware.Drivers;

/// <summary>A network card that the firmware drives through its registers, without interrupts. At rest until <see cref="TryStart"/> and after <see cref="Stop"/>.</summary>
public interface INetworkDriver : IStateful
{
    /// <summary>Six bytes. Valid at any time.</summary>
    ReadOnlySpan<byte> MacAddress { get; }

    /// <summary>Sets the card up. Counted, as <see cref="IBlockDriver.TryStart"/> is.</summary>
    /// <returns>False when it does not answer, or no memory is left for its rings.</returns>
    bool TryStart();

    /// <summary>Undoes one <see cref="TryStart"/>.</summary>
    void Stop();

    /// <summary>Sends one Ethernet frame without its check sequence.</summary>
    /// <param name="frame">14 to 1514 bytes; the driver pads short ones.</param>
    /// <returns>False when the card did not take it.</returns>
    bool TrySend(ReadOnlySpan<byte> frame);

    /// <summary>Takes a frame that arrived.</summary>
    /// <param name="frame">Room for 1514 bytes.</param>
    /// <returns>Its length, or 0 when none waits. Never waits.</returns>
    int Receive(Span<byte> frame);
}

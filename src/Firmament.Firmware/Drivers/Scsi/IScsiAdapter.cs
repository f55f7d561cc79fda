namespace Firmament.Firmware.Drivers.Scsi;

/// <summary>A way to send SCSI commands to units, one at a time.</summary>
public interface IScsiAdapter
{
    /// <summary>For traces.</summary>
    string Name { get; }

    /// <summary>Most bytes of a command's data.</summary>
    uint MaxTransfer { get; }

    /// <summary>Sets the adapter up. Counted, for its units share it.</summary>
    bool TryStart();

    /// <summary>Undoes one <see cref="TryStart"/>.</summary>
    void Stop();

    /// <summary>Sends a command and waits for its end.</summary>
    /// <param name="unit">The unit, as the adapter numbers it.</param>
    /// <param name="command">The command descriptor block, 6 to 16 bytes.</param>
    /// <param name="data">Where its data is or goes to.</param>
    /// <param name="outcome">What the unit said.</param>
    /// <returns>False when the command did not get through, or no answer came in time.</returns>
    bool TryExecute(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data, out ScsiOutcome outcome);

    /// <summary>Puts a unit back as it was after power-on, where stopping the adapter does not.</summary>
    void ResetUnit(ulong unit);
}

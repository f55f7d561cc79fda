namespace Firmament.Devices.Storage;

/// <summary>What answers for a logical unit that a target does not have: INQUIRY says so, everything else fails (SPC-4 6.6.2, SAM-5 5.11).</summary>
public sealed class ScsiMissingUnit() : ScsiUnit("", "")
{
    /// <inheritdoc/>
    protected override byte PeripheralType => 0x7f;

    /// <inheritdoc/>
    protected override void Run(byte operation, ReadOnlySpan<byte> command) => Fail(ScsiSense.NoUnit);

    /// <inheritdoc/>
    protected override int WriteVitalPage(byte page) => -1;
}

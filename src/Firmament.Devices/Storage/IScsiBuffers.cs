namespace Firmament.Devices.Storage;

/// <summary>The initiator's memory for one SCSI command, as a host adapter describes it.</summary>
public interface IScsiBuffers
{
    /// <summary>Bytes there is room for.</summary>
    long InLength { get; }

    /// <summary>Bytes the initiator sends.</summary>
    long OutLength { get; }

    /// <summary>Gives data to the initiator. False when its memory is not there.</summary>
    bool TryGive(long offset, ReadOnlySpan<byte> source);

    /// <summary>Takes data from the initiator. False when its memory is not there.</summary>
    bool TryTake(long offset, Span<byte> destination);
}

namespace Firmament.Core.Memory;

/// <summary>System memory as a bus master sees it. Addresses are bus addresses; a failed access is the master's to report.</summary>
public interface IDmaSpace
{
    /// <summary>Reads guest memory. False, with nothing copied, when any byte is not there.</summary>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>Writes guest memory. False, with nothing written, when any byte is not there.</summary>
    bool TryWrite(ulong address, ReadOnlySpan<byte> source);
}

namespace Firmament.Core.Backends;

/// <summary>The host end of a serial line or console: standard output, a file, a socket, a test's buffer.</summary>
/// <remarks>Input goes the other way through an <see cref="Replay.InputChannel"/>, never straight into a device.</remarks>
public interface ICharacterBackend
{
    /// <summary>Takes bytes the guest sent. Must not block for long and must not throw for a lost peer.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}

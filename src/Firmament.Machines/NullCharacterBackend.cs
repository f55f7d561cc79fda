using Firmament.Core.Backends;

namespace Firmament.Machines;

/// <summary>Drops what it is given.</summary>
internal sealed class NullCharacterBackend : ICharacterBackend
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
    }
}

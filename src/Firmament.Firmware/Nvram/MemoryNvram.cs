using Firmament.Core.State;

namespace Firmament.Firmware.Nvram;

/// <summary>NVRAM that lasts as long as the machine.</summary>
public sealed class MemoryNvram : INvram, IStateful
{
    private readonly byte[] _bytes;

    /// <summary>Makes <paramref name="size"/> zero bytes.</summary>
    public MemoryNvram(int size) => _bytes = new byte[size];

    /// <inheritdoc/>
    public int Size => _bytes.Length;

    /// <inheritdoc/>
    public bool TryRead(int offset, Span<byte> destination)
    {
        bool ok = offset >= 0 && destination.Length <= Size - offset;
        if (ok)
        {
            _bytes.AsSpan(offset, destination.Length).CopyTo(destination);
        }

        return ok;
    }

    /// <inheritdoc/>
    public bool TryWrite(int offset, ReadOnlySpan<byte> source)
    {
        bool ok = offset >= 0 && source.Length <= Size - offset;
        if (ok)
        {
            source.CopyTo(_bytes.AsSpan(offset));
        }

        return ok;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Bytes("nvram", _bytes);
}

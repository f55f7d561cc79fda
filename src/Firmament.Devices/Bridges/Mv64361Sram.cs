using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Bridges;

/// <summary>The 256 KiB of on-chip SRAM; a big-endian region.</summary>
internal sealed class Mv64361Sram : IMmioTarget, IStateful
{
    public const int Size = 256 * 1024;

    private readonly byte[] _bytes = new byte[Size];

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value = (value << 8) | _bytes[(int)(offset + (ulong)i) & (Size - 1)];
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        for (int i = size - 1; i >= 0; i--, value >>= 8)
        {
            _bytes[(int)(offset + (ulong)i) & (Size - 1)] = (byte)value;
        }
    }

    public void Reset() => Array.Clear(_bytes);

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Bytes("sram", _bytes);
}

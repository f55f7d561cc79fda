using System.Numerics;
using Firmament.Core.Memory;

namespace Firmament.Devices.Buses;

/// <summary>The bytes of an expansion ROM behind its base address register; past the image, the erased state of a flash part.</summary>
public sealed class PciRom : IMmioTarget
{
    /// <summary>The largest image (PCI 2.2 6.2.5.2 lets a ROM take 16 MiB).</summary>
    public const int MostBytes = 16 << 20;

    private const uint LeastBytes = 2048;
    private readonly ReadOnlyMemory<byte> _contents;

    /// <summary>Makes a ROM.</summary>
    /// <param name="contents">1 byte to <see cref="MostBytes"/>.</param>
    public PciRom(ReadOnlyMemory<byte> contents)
    {
        ArgumentOutOfRangeException.ThrowIfZero(contents.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contents.Length, MostBytes);
        _contents = contents;
        Length = Math.Max(LeastBytes, BitOperations.RoundUpToPowerOf2((uint)contents.Length));
    }

    /// <summary>Bytes of address space, a power of two.</summary>
    public uint Length { get; }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        ReadOnlySpan<byte> bytes = _contents.Span;
        for (int i = 0; i < size; i++)
        {
            ulong at = offset + (ulong)i;
            value |= (ulong)(at < (ulong)bytes.Length ? bytes[(int)at] : 0xff) << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        // Read-only.
    }
}

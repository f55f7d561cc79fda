namespace Firmament.Firmware.Architecture;

/// <summary>
/// An option vector of client architecture support: bytes numbered from 1, bits of a byte from 0 = most significant. Bytes past its end
/// are 0. Source: LoPAPR 1.1 appendix B.6.2.3, table 244. Immutable.
/// </summary>
public sealed class OptionVector
{
    /// <summary>Most bytes of a vector: its length is one byte, less one.</summary>
    public const int MostBytes = 256;

    private readonly byte[] _bytes;

    /// <summary>Takes the bytes; the first is byte 1.</summary>
    public OptionVector(ReadOnlySpan<byte> bytes) => _bytes = bytes[..Math.Min(bytes.Length, MostBytes)].ToArray();

    /// <summary>A vector without a bit set.</summary>
    public static OptionVector Empty { get; } = new([]);

    /// <summary>Byte <paramref name="number"/>, counted from 1.</summary>
    public byte this[int number] => number >= 1 && number <= _bytes.Length ? _bytes[number - 1] : (byte)0;

    /// <summary>True when all of <paramref name="bits"/> are set in byte <paramref name="number"/>.</summary>
    public bool Has(int number, byte bits) => (this[number] & bits) == bits;

    /// <summary>The vector with <paramref name="value"/> as byte <paramref name="number"/> (1 to <see cref="MostBytes"/>).</summary>
    public OptionVector With(int number, byte value)
    {
        byte[] bytes = new byte[Math.Max(_bytes.Length, number)];
        _bytes.CopyTo(bytes, 0);
        bytes[number - 1] = value;
        return new OptionVector(bytes);
    }

    /// <summary>The bits both have.</summary>
    public OptionVector Intersect(OptionVector other)
    {
        byte[] bytes = new byte[Math.Min(_bytes.Length, other._bytes.Length)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(_bytes[i] & other._bytes[i]);
        }

        return new OptionVector(bytes);
    }

    /// <summary>As `/chosen` has it: a byte with the length less one, then the bytes up to the last that is not 0, at least one.</summary>
    public byte[] ToProperty()
    {
        int length = _bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        byte[] property = new byte[1 + Math.Max(length, 1)];
        property[0] = (byte)(property.Length - 2);
        _bytes.AsSpan(0, length).CopyTo(property.AsSpan(1));
        return property;
    }
}

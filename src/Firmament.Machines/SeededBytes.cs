using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Firmament.Machines;

/// <summary>Bytes that look random to a guest and are the same for the same seed and purpose.</summary>
internal static class SeededBytes
{
    /// <summary>32 bytes.</summary>
    public static byte[] For(ulong seed, string purpose)
    {
        byte[] input = new byte[8 + Encoding.UTF8.GetByteCount(purpose)];
        BinaryPrimitives.WriteUInt64BigEndian(input, seed);
        Encoding.UTF8.GetBytes(purpose, input.AsSpan(8));
        return SHA256.HashData(input);
    }
}

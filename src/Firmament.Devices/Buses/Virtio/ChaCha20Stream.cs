using System.Buffers.Binary;
using System.Numerics;
using Firmament.Core.State;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>A random byte stream that a 32-byte seed determines: the ChaCha20 key stream of RFC 8439 with a zero nonce and a 64-bit counter.</summary>
public sealed class ChaCha20Stream : IStateful
{
    private readonly byte[] _key = new byte[32];
    private readonly byte[] _block = new byte[64];
    private ulong _counter;
    private int _used = 64;

    /// <summary>Starts the stream.</summary>
    /// <param name="seed">Up to 32 bytes; shorter seeds are padded with zeros.</param>
    public ChaCha20Stream(ReadOnlySpan<byte> seed) => seed[..Math.Min(seed.Length, 32)].CopyTo(_key);

    /// <summary>Takes the next bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == _block.Length)
            {
                NextBlock();
            }

            int count = Math.Min(destination.Length, _block.Length - _used);
            _block.AsSpan(_used, count).CopyTo(destination);
            _used += count;
            destination = destination[count..];
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("key", _key);
        state.Bytes("block", _block);
        state.Field("counter", ref _counter);
        state.Field("used", ref _used);
        _used = Math.Clamp(_used, 0, _block.Length);
    }

    private void NextBlock()
    {
        Span<uint> start = stackalloc uint[16];
        // "expand 32-byte k", RFC 8439 2.3.
        start[0] = 0x61707865;
        start[1] = 0x3320646e;
        start[2] = 0x79622d32;
        start[3] = 0x6b206574;
        for (int i = 0; i < 8; i++)
        {
            start[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(_key.AsSpan(4 * i));
        }

        start[12] = (uint)_counter;
        start[13] = (uint)(_counter >> 32);
        start[14] = start[15] = 0;
        _counter++;

        Span<uint> x = stackalloc uint[16];
        start.CopyTo(x);
        for (int round = 0; round < 10; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 1, 5, 9, 13);
            Quarter(x, 2, 6, 10, 14);
            Quarter(x, 3, 7, 11, 15);
            Quarter(x, 0, 5, 10, 15);
            Quarter(x, 1, 6, 11, 12);
            Quarter(x, 2, 7, 8, 13);
            Quarter(x, 3, 4, 9, 14);
        }

        for (int i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4 * i), x[i] + start[i]);
        }

        _used = 0;
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 7);
    }
}

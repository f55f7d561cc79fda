using Firmament.Core.State;

namespace Firmament.Devices.Input;

/// <summary>The output buffer of a PS/2 device. Answers may go past the size that limits scan codes and packets.</summary>
internal sealed class Ps2Queue : IStateful
{
    /// <summary>Bytes of scan codes or packets the device keeps.</summary>
    public const int Capacity = 16;

    private const int StorageSize = 64;
    private readonly byte[] _bytes = new byte[StorageSize];
    private int _head;
    private int _count;

    public int Count => _count;

    public void Push(params ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (_count < StorageSize)
            {
                _bytes[(_head + _count++) % StorageSize] = b;
            }
        }
    }

    /// <summary>The oldest byte. The queue must not be empty.</summary>
    public byte Pop()
    {
        byte value = _bytes[_head];
        _bytes[_head] = 0;
        _head = (_head + 1) % StorageSize;
        _count--;
        return value;
    }

    public void Clear()
    {
        _head = _count = 0;
        Array.Clear(_bytes);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("bytes", _bytes);
        state.Field("head", ref _head);
        state.Field("count", ref _count);
        _head &= StorageSize - 1;
        _count = Math.Clamp(_count, 0, StorageSize);
    }
}

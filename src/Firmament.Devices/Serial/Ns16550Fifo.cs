using Firmament.Core.State;

namespace Firmament.Devices.Serial;

/// <summary>The receive FIFO: 16 characters, each with the error bits it arrived with (in their LSR positions).</summary>
internal sealed class Ns16550Fifo : IStateful
{
    public const byte Overrun = 0x02;
    public const byte Break = 0x10;

    private const int Size = 16;
    private readonly byte[] _characters = new byte[Size];
    private readonly byte[] _errors = new byte[Size];
    private int _head;
    private int _count;

    public int Count => _count;

    public bool HasErrors
    {
        get
        {
            for (int i = 0; i < _count; i++)
            {
                if (_errors[(_head + i) % Size] != 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Push(byte character, byte errors)
    {
        if (_count < Size)
        {
            int at = (_head + _count) % Size;
            _characters[at] = character;
            _errors[at] = errors;
            _count++;
        }
    }

    /// <summary>The oldest character; 0 when there is none.</summary>
    public byte Pop()
    {
        if (_count == 0)
        {
            return 0;
        }

        byte character = _characters[_head];
        _errors[_head] = 0;
        _head = (_head + 1) % Size;
        _count--;
        return character;
    }

    /// <summary>The error bits of the oldest character, once.</summary>
    public byte TakeHeadErrors()
    {
        if (_count == 0)
        {
            return 0;
        }

        byte errors = _errors[_head];
        _errors[_head] = 0;
        return errors;
    }

    public void Clear()
    {
        _head = _count = 0;
        Array.Clear(_characters);
        Array.Clear(_errors);
    }

    public void Visit(StateVisitor state)
    {
        state.Bytes("characters", _characters);
        state.Bytes("characterErrors", _errors);
        state.Field("head", ref _head);
        state.Field("count", ref _count);
        _head &= Size - 1;
        _count = Math.Clamp(_count, 0, Size);
    }
}

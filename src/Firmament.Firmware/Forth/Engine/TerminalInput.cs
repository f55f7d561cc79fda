using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// What was typed and nobody has read. While a program runs the prompt looks here for Ctrl-C; what else it finds waits for `key`.
/// </summary>
internal sealed class TerminalInput(ForthEngine forth) : IStateful
{
    public const byte Interrupt = 3;

    private const int Capacity = 1024;

    private readonly byte[] _ring = new byte[Capacity];
    private int _first;
    private int _count;

    /// <summary>The next character. False when there is none.</summary>
    public bool TryRead(out byte character)
    {
        if (_count == 0)
        {
            Take();
        }

        character = _count > 0 ? _ring[_first] : (byte)0;
        if (_count == 0)
        {
            return false;
        }

        _first = (_first + 1) % Capacity;
        _count--;
        return true;
    }

    /// <summary>True when a character waits.</summary>
    public bool IsWaiting()
    {
        if (_count == 0)
        {
            Take();
        }

        return _count > 0;
    }

    /// <summary>True when Ctrl-C was typed; what was typed before it is dropped.</summary>
    public bool TakeInterrupt()
    {
        Take();
        for (int i = 0; i < _count; i++)
        {
            if (_ring[(_first + i) % Capacity] == Interrupt)
            {
                _first = (_first + i + 1) % Capacity;
                _count -= i + 1;
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("ring", _ring);
        state.Field("first", ref _first);
        state.Field("count", ref _count);
        (_first, _count) = (Math.Clamp(_first, 0, Capacity - 1), Math.Clamp(_count, 0, Capacity));
    }

    private void Take()
    {
        Span<byte> bytes = stackalloc byte[64];
        while (_count <= Capacity - bytes.Length)
        {
            int taken = forth.Output.Console.Read(bytes);
            for (int i = 0; i < taken; i++)
            {
                _ring[(_first + _count) % Capacity] = bytes[i];
                _count++;
            }

            if (taken < bytes.Length)
            {
                return;
            }
        }
    }
}

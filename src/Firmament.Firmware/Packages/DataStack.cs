namespace Firmament.Firmware.Packages;

/// <summary>
/// The Forth data stack as methods see it: 32-bit cells, bounded. Faults are remembered, not thrown; whoever called the method
/// looks at <see cref="Fault"/> afterwards.
/// </summary>
public sealed class DataStack
{
    /// <summary>Most cells.</summary>
    public const int Capacity = 1024;

    private readonly uint[] _cells = new uint[Capacity];

    /// <summary>Cells on the stack.</summary>
    public int Depth { get; private set; }

    /// <summary>0, or the ANS Forth throw code of the first fault: −3 overflow, −4 underflow.</summary>
    public int Fault { get; private set; }

    /// <summary>Pushes a cell.</summary>
    public void Push(uint value)
    {
        if (Depth == Capacity)
        {
            Fault = Fault != 0 ? Fault : CatchResult.StackOverflow;
            return;
        }

        _cells[Depth++] = value;
    }

    /// <summary>Pushes a flag: −1 for true, 0 for false.</summary>
    public void Push(bool flag) => Push(flag ? uint.MaxValue : 0);

    /// <summary>Takes the top cell; 0 when the stack is empty.</summary>
    public uint Pop()
    {
        if (Depth == 0)
        {
            Fault = Fault != 0 ? Fault : CatchResult.StackUnderflow;
            return 0;
        }

        return _cells[--Depth];
    }

    /// <summary>Pushes a double number: two cells, the high one on top.</summary>
    public void PushDouble(ulong value)
    {
        Push((uint)value);
        Push((uint)(value >> 32));
    }

    /// <summary>Takes a double number.</summary>
    public ulong PopDouble()
    {
        ulong high = Pop();
        return (high << 32) | Pop();
    }

    /// <summary>Empties the stack and forgets the fault.</summary>
    public void Clear()
    {
        Depth = 0;
        Fault = 0;
    }
}

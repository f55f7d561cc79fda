using System.Globalization;
using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>Numbers as text, and pictured numeric output, which is built in guest memory from its end (ANS Forth X3.215 6.1.0490).</summary>
internal sealed class NumberOutput(ForthEngine forth) : IStateful
{
    private uint _hold;

    /// <summary>`base`, between 2 and 36 whatever was stored there.</summary>
    public uint Base => Math.Clamp(forth.Memory.Variable(DataSpace.BaseVariable), 2, 36);

    public uint HoldAddress => _hold;

    public uint HoldLength => forth.Memory.HoldEnd - _hold;

    public string Signed(long value) => value < 0 ? "-" + Unsigned((ulong)-value) : Unsigned((ulong)value);

    public string Unsigned(ulong value) => Unsigned(value, Base);

    public static string Unsigned(ulong value, uint numberBase)
    {
        if (numberBase == 10)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        Span<char> digits = stackalloc char[64];
        int at = digits.Length;
        do
        {
            digits[--at] = Digit((uint)(value % numberBase));
            value /= numberBase;
        }
        while (value != 0);
        return digits[at..].ToString();
    }

    public void Begin() => _hold = forth.Memory.HoldEnd;

    public void Hold(byte character)
    {
        if (_hold <= forth.Memory.HoldStart || _hold > forth.Memory.HoldEnd)
        {
            forth.Throw(ThrowCode.PicturedOverflow);
            return;
        }

        _ = forth.Memory.TryStore8(--_hold, character);
    }

    /// <summary>Holds the last digit of a number and gives what is left of it.</summary>
    public ulong HoldDigit(ulong value)
    {
        uint numberBase = Base;
        Hold((byte)Digit((uint)(value % numberBase)));
        return value / numberBase;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Field("hold", ref _hold);

    private static char Digit(uint digit) => (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
}

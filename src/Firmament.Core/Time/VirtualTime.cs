namespace Firmament.Core.Time;

/// <summary>A point on, or a span of, the machine's virtual clock.</summary>
/// <param name="Nanoseconds">Nanoseconds since power-on.</param>
public readonly record struct VirtualTime(long Nanoseconds) : IComparable<VirtualTime>
{
    /// <summary>Power-on.</summary>
    public static readonly VirtualTime Zero = new(0);

    /// <summary>Later than any time a machine reaches.</summary>
    public static readonly VirtualTime Never = new(long.MaxValue);

    /// <summary>A span of microseconds.</summary>
    public static VirtualTime FromMicroseconds(long microseconds) => new(microseconds * 1_000);

    /// <summary>A span of milliseconds.</summary>
    public static VirtualTime FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    /// <summary>A span of seconds.</summary>
    public static VirtualTime FromSeconds(long seconds) => new(seconds * 1_000_000_000);

    public static VirtualTime operator +(VirtualTime left, VirtualTime right) => new(left.Nanoseconds + right.Nanoseconds);
    public static VirtualTime operator -(VirtualTime left, VirtualTime right) => new(left.Nanoseconds - right.Nanoseconds);
    public static bool operator <(VirtualTime left, VirtualTime right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(VirtualTime left, VirtualTime right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(VirtualTime left, VirtualTime right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(VirtualTime left, VirtualTime right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The sum.</summary>
    public VirtualTime Add(VirtualTime other) => this + other;

    /// <summary>The difference.</summary>
    public VirtualTime Subtract(VirtualTime other) => this - other;

    /// <summary>
    /// Ticks of a clock of <paramref name="frequency"/> hertz from power-on to this time, rounded down, without overflow.
    /// </summary>
    public ulong ToTicks(ulong frequency)
    {
        // Whole seconds apart, so that the product of the rest fits 64 bits (frequencies up to 18 GHz).
        (ulong seconds, ulong rest) = Math.DivRem((ulong)Nanoseconds, 1_000_000_000);
        return (seconds * frequency) + (rest * frequency / 1_000_000_000);
    }

    /// <summary>The first time at which a clock of <paramref name="frequency"/> hertz has made <paramref name="ticks"/> ticks.</summary>
    public static VirtualTime FromTicks(ulong ticks, ulong frequency)
    {
        (ulong seconds, ulong rest) = Math.DivRem(ticks, frequency);
        return seconds > long.MaxValue / 1_000_000_000 - 1
            ? Never
            : new((long)((seconds * 1_000_000_000) + (((rest * 1_000_000_000) + frequency - 1) / frequency)));
    }

    /// <inheritdoc/>
    public int CompareTo(VirtualTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <inheritdoc/>
    public override string ToString() => $"{Nanoseconds / 1_000_000_000}.{Nanoseconds % 1_000_000_000:d9}s";
}

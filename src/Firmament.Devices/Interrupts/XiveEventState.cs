namespace Firmament.Devices.Interrupts;

/// <summary>
/// The two event state bits P and Q of a XIVE source or queue: 00 ready, 10 pending (an event was sent and not ended), 11 pending and
/// another one waits, 01 off.
/// </summary>
internal static class XiveEventState
{
    /// <summary>The next event is forwarded.</summary>
    public const byte Ready = 0;

    /// <summary>Events are dropped.</summary>
    public const byte Off = 1;

    /// <summary>An event was forwarded and not ended.</summary>
    public const byte Pending = 2;

    /// <summary>Pending, and another event came.</summary>
    public const byte Queued = 3;

    /// <summary>An event arrives. True when it is to be forwarded.</summary>
    public static bool Trigger(ref byte state)
    {
        byte old = state;
        state = old switch
        {
            Ready => Pending,
            Off => Off,
            _ => Queued,
        };
        return old == Ready;
    }

    /// <summary>The event is ended. True when the one that waited is to be forwarded.</summary>
    public static bool End(ref byte state)
    {
        byte old = state;
        state = old switch
        {
            Queued => Pending,
            Off => Off,
            _ => Ready,
        };
        return old == Queued;
    }

    /// <summary>Answers a load of an event state page at <paramref name="offset"/> (below 0x1000): end, get, or set and get the old.</summary>
    /// <param name="state">P and Q.</param>
    /// <param name="offset">Byte offset in the page.</param>
    /// <param name="forward">True when an event is to be forwarded.</param>
    public static ulong Load(ref byte state, ulong offset, out bool forward)
    {
        forward = false;
        if (offset < 0x800)
        {
            forward = End(ref state);
            return forward ? 1u : 0u;
        }

        byte old = state;
        if (offset >= 0xc00)
        {
            state = Requested(offset);
        }

        return old;
    }

    /// <summary>The state that an access at 0xc00, 0xd00, 0xe00 or 0xf00 sets.</summary>
    public static byte Requested(ulong offset) => (byte)((offset >> 8) & 3);
}

namespace Firmament.Firmware.Packages;

/// <summary>A time-of-day clock (CHRP binding, device_type "rtc"); UTC.</summary>
public sealed class RtcPackage : IPackage
{
    private static readonly MethodTable<RtcPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "get-time", "-- s m h d mo y", static (rtc, call) => rtc.GetTime(call.Stack) },
        { "set-time", "s m h d mo y --", static (rtc, call) => rtc.SetTime(call.Stack) },
    };

    private readonly IRealTimeClock _clock;

    /// <summary>Gives <paramref name="clock"/> methods.</summary>
    public RtcPackage(IRealTimeClock clock) => _clock = clock;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private int GetTime(DataStack stack)
    {
        DateTime now = _clock.Read();
        foreach (int part in (ReadOnlySpan<int>)[now.Second, now.Minute, now.Hour, now.Day, now.Month, now.Year])
        {
            stack.Push((uint)part);
        }

        return CatchResult.Ok;
    }

    private int SetTime(DataStack stack)
    {
        uint year = stack.Pop();
        uint month = stack.Pop();
        uint day = stack.Pop();
        uint hour = stack.Pop();
        uint minute = stack.Pop();
        uint second = stack.Pop();
        return CalendarTime.TryCreate(year, month, day, hour, minute, second, 0, out DateTime time) && _clock.TrySet(time)
            ? CatchResult.Ok
            : CatchResult.Abort;
    }
}

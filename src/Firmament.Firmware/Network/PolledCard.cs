using Firmament.Core.Time;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Network;

/// <summary>
/// A card asked for frames until a deadline in virtual time. Every wait ends: frames that come without end make time go on, or end the wait where the
/// platform lets none pass while input arrives; and when the platform is asked to stop nothing is waited for any more.
/// </summary>
internal sealed class PolledCard
{
    /// <summary>Frames after which a wait ends in which no time passed: on a fast wire answers leave it none, so this is a third of a GB of a file.</summary>
    internal const int MostFramesWithoutTime = 250_000;

    // A flood takes time: as many frames come at once as a small card holds, then some of it passes.
    private const int MostFramesAtOnce = 16;
    private const int MostWaitsForNothing = 10_000;

    private static readonly VirtualTime FloodPause = VirtualTime.FromMicroseconds(100);
    private static readonly VirtualTime LongestNap = VirtualTime.FromMilliseconds(10);

    private readonly INetworkDriver _driver;
    private readonly IFirmwarePlatform _platform;
    private readonly byte[] _frame = new byte[2048];
    private int _framesAtOnce;
    private int _framesWithoutTime;
    private int _waitsForNothing;

    /// <summary>Takes a started card.</summary>
    public PolledCard(INetworkDriver driver, IFirmwarePlatform platform)
    {
        _driver = driver;
        _platform = platform;
        Station = StationAddress.From(driver.MacAddress);
    }

    /// <summary>The card's address.</summary>
    public StationAddress Station { get; }

    public VirtualTime Now => _platform.Now;

    /// <summary>True once the platform was asked to stop.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Sends a frame; false when the card did not take it.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame) => _driver.TrySend(frame);

    /// <summary>Waits for a frame.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <param name="frame">Valid until the next call.</param>
    /// <returns>False when none came, or the platform stops.</returns>
    public bool TryReceive(VirtualTime deadline, out ReadOnlySpan<byte> frame)
    {
        if (_framesWithoutTime >= MostFramesWithoutTime)
        {
            _framesWithoutTime = 0;
            frame = default;
            return false;
        }

        do
        {
            int length = _framesAtOnce < MostFramesAtOnce && !IsStopped ? _driver.Receive(_frame) : 0;
            if (length > 0)
            {
                _framesAtOnce++;
                _framesWithoutTime++;
                _waitsForNothing = 0;
                frame = _frame.AsSpan(0, Math.Min(length, _frame.Length));
                return true;
            }
        }
        while (TryWait(deadline));
        frame = default;
        return false;
    }

    private bool TryWait(VirtualTime deadline)
    {
        VirtualTime now = Now;
        if (IsStopped || now >= deadline)
        {
            return false;
        }

        VirtualTime nap = _framesAtOnce == MostFramesAtOnce ? FloodPause : LongestNap;
        bool goesOn = _platform.Wait(nap < deadline - now ? nap : deadline - now);
        bool timePassed = Now > now;
        _framesAtOnce = 0;
        _framesWithoutTime = timePassed ? 0 : _framesWithoutTime;
        _waitsForNothing = timePassed ? 0 : _waitsForNothing + 1;
        IsStopped = !goesOn || _waitsForNothing > MostWaitsForNothing;
        return !IsStopped;
    }
}

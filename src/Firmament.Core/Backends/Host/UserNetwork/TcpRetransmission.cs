namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>How long to wait for an acknowledgement, and how much may be under way. Sources: RFC 6298, RFC 5681.</summary>
internal sealed class TcpRetransmission
{
    private const long Shortest = 1000;
    private const long Longest = 60_000;
    private const int LargestWindow = 1 << 20;

    private long _smoothed = -1;
    private long _variation;
    private int _threshold = LargestWindow;

    /// <summary>Milliseconds to wait.</summary>
    public long Timeout { get; private set; } = Shortest;

    /// <summary>Bytes that may be under way, whatever the receiver has room for.</summary>
    public int Window { get; private set; }

    public void Start(int segment) => Window = 10 * segment;

    /// <summary>A round trip of a segment sent once.</summary>
    public void Measured(long milliseconds)
    {
        if (_smoothed < 0)
        {
            _smoothed = milliseconds;
            _variation = milliseconds / 2;
        }
        else
        {
            _variation = ((3 * _variation) + Math.Abs(_smoothed - milliseconds)) / 4;
            _smoothed = ((7 * _smoothed) + milliseconds) / 8;
        }

        Timeout = Math.Clamp(_smoothed + Math.Max(10, 4 * _variation), Shortest, Longest);
    }

    /// <summary>New bytes were acknowledged.</summary>
    public void Acknowledged(int bytes, int segment)
    {
        int more = Window < _threshold ? Math.Min(bytes, segment) : Math.Max(1, segment * segment / Window);
        Window = Math.Min(Window + more, LargestWindow);
    }

    /// <summary>Three repeated acknowledgements: one segment was lost.</summary>
    public void LostOne(int underWay, int segment) => Window = _threshold = Math.Max(underWay / 2, 2 * segment);

    /// <summary>Silence: begin again slowly.</summary>
    public void TimedOut(int underWay, int segment)
    {
        _threshold = Math.Max(underWay / 2, 2 * segment);
        Window = segment;
        Timeout = Math.Min(Timeout * 2, Longest);
    }
}

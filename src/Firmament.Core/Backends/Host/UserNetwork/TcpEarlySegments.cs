namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>Segments that came before their turn, ordered, at most <see cref="Most"/> of them.</summary>
internal sealed class TcpEarlySegments
{
    private const int Most = 64;

    private readonly List<(uint Sequence, byte[] Bytes, bool Fin)> _segments = [];

    /// <summary>Keeps a segment. What does not fit is dropped, and the guest sends it again.</summary>
    public void Add(uint sequence, ReadOnlySpan<byte> bytes, bool fin)
    {
        int at = 0;
        while (at < _segments.Count && (int)(_segments[at].Sequence - sequence) < 0)
        {
            at++;
        }

        if (at < _segments.Count && _segments[at].Sequence == sequence)
        {
            if (bytes.Length + (fin ? 1 : 0) > _segments[at].Bytes.Length + (_segments[at].Fin ? 1 : 0))
            {
                _segments[at] = (sequence, bytes.ToArray(), fin);
            }
        }
        else if (_segments.Count < Most)
        {
            _segments.Insert(at, (sequence, bytes.ToArray(), fin));
        }
    }

    /// <summary>Takes the first segment if its turn has come.</summary>
    public bool TryTake(uint next, out uint sequence, out byte[] bytes, out bool fin)
    {
        (sequence, bytes, fin) = (0, [], false);
        if (_segments.Count == 0 || (int)(_segments[0].Sequence - next) > 0)
        {
            return false;
        }

        (sequence, bytes, fin) = _segments[0];
        _segments.RemoveAt(0);
        return true;
    }

    /// <summary>Drops all.</summary>
    public void Clear() => _segments.Clear();
}

namespace Firmament.Core.Internet;

/// <summary>
/// Puts fragments together: at most <see cref="MostPackets"/> packets at a time, each for at most 30 s. Overlapping fragments drop their
/// packet, as RFC 5722 wants of IPv6 and hosts do for IPv4. Source: RFC 791, 3.2.
/// </summary>
public sealed class Ipv4Reassembler
{
    private const int MostPackets = 8;
    private const int LongestPayload = 65535 - Ipv4Packet.HeaderLength;
    private const long LifetimeMilliseconds = 30_000;

    private readonly List<Partial> _partials = [];

    /// <summary>Adds a fragment. Returns the whole payload when it was the last one missing.</summary>
    /// <param name="packet">A fragment.</param>
    /// <param name="now">Milliseconds; only differences count.</param>
    public byte[]? Add(in Ipv4Packet packet, long now)
    {
        _partials.RemoveAll(partial => partial.Deadline <= now);
        int start = packet.FragmentOffset;
        int end = start + packet.Payload.Length;
        if (packet.Payload.IsEmpty || end > LongestPayload || (packet.HasMoreFragments && packet.Payload.Length % 8 != 0))
        {
            return null;
        }

        (uint, uint, byte, ushort) key = (packet.Source, packet.Destination, packet.Protocol, packet.Identification);
        Partial? partial = _partials.Find(candidate => candidate.Key == key);
        if (partial == null)
        {
            if (_partials.Count == MostPackets)
            {
                _partials.RemoveAt(0);
            }

            partial = new Partial(key, now + LifetimeMilliseconds);
            _partials.Add(partial);
        }

        if (!partial.TryAdd(start, packet.Payload, packet.HasMoreFragments))
        {
            _partials.Remove(partial);
            return null;
        }

        byte[]? whole = partial.Whole();
        if (whole != null)
        {
            _partials.Remove(partial);
        }

        return whole;
    }

    private sealed class Partial((uint, uint, byte, ushort) key, long deadline)
    {
        private readonly SortedList<int, byte[]> _parts = [];
        private int _length = -1;
        private int _present;

        public (uint, uint, byte, ushort) Key => key;

        public long Deadline => deadline;

        public bool TryAdd(int start, ReadOnlySpan<byte> bytes, bool more)
        {
            int end = start + bytes.Length;
            foreach ((int otherStart, byte[] other) in _parts)
            {
                if (otherStart < end && start < otherStart + other.Length)
                {
                    // A fragment sent twice is harmless; any other overlap is an attack.
                    return otherStart == start && other.AsSpan().SequenceEqual(bytes);
                }
            }

            if ((_length >= 0 && (end > _length || !more)) || (!more && _parts.Any(part => part.Key >= end)))
            {
                return false;
            }

            _length = more ? _length : end;
            _parts.Add(start, bytes.ToArray());
            _present += bytes.Length;
            return true;
        }

        public byte[]? Whole()
        {
            if (_present != _length)
            {
                return null;
            }

            byte[] whole = new byte[_length];
            foreach ((int start, byte[] part) in _parts)
            {
                part.CopyTo(whole, start);
            }

            return whole;
        }
    }
}

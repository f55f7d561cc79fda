namespace Firmament.Firmware.Network;

/// <summary>Which station has which IPv4 address, as ARP told. Bounded: a wire full of liars makes it forget, not grow.</summary>
internal sealed class NeighbourTable
{
    public const int MostNeighbours = 32;

    private readonly Dictionary<uint, StationAddress> _stations = [];

    public int Count => _stations.Count;

    public bool TryFind(uint address, out StationAddress station) => _stations.TryGetValue(address, out station);

    /// <summary>Notes a station that may be new.</summary>
    public void Learn(uint address, StationAddress station)
    {
        if (_stations.Count == MostNeighbours && !_stations.ContainsKey(address))
        {
            _stations.Clear();
        }

        _stations[address] = station;
    }

    /// <summary>Notes where a known address moved; one not known stays so.</summary>
    public void Update(uint address, StationAddress station)
    {
        if (_stations.ContainsKey(address))
        {
            _stations[address] = station;
        }
    }

    /// <summary>Forgets a station that does not answer, so that it is asked for again.</summary>
    public void Forget(uint address) => _stations.Remove(address);
}

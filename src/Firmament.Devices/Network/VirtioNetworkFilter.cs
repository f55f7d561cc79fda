using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Network;

/// <summary>Which received frames a virtio network card lets through, and the control commands that say so. Source: virtio 1.1, 5.1.6.5.</summary>
internal sealed class VirtioNetworkFilter : IStateful
{
    private const int AddressLength = 6;
    private const int MostAddresses = 64;

    private readonly byte[] _permanentMac = new byte[AddressLength];
    private readonly byte[] _mac = new byte[AddressLength];
    private readonly byte[] _unicast = new byte[MostAddresses * AddressLength];
    private readonly byte[] _multicast = new byte[MostAddresses * AddressLength];
    private readonly byte[] _vlans = new byte[4096 / 8];
    private int _unicastCount;
    private int _multicastCount;
    private bool _unicastOverflow;
    private bool _multicastOverflow;
    private bool _promiscuous = true;
    private bool _allMulticast;
    private bool _allUnicast;
    private bool _noMulticast;
    private bool _noUnicast;
    private bool _noBroadcast;

    public VirtioNetworkFilter(ReadOnlySpan<byte> mac)
    {
        if (mac.Length != AddressLength || (mac[0] & 1) != 0)
        {
            throw new ArgumentException($"'{Convert.ToHexString(mac)}' is no Ethernet address of a station; its first byte must be even", nameof(mac));
        }

        mac.CopyTo(_permanentMac);
        mac.CopyTo(_mac);
    }

    public ReadOnlySpan<byte> Mac => _mac;

    public void Reset()
    {
        _permanentMac.CopyTo(_mac, 0);
        _unicastCount = _multicastCount = 0;
        _unicastOverflow = _multicastOverflow = false;
        // A driver that never touches the filter expects every frame.
        _promiscuous = true;
        _allMulticast = _allUnicast = _noMulticast = _noUnicast = _noBroadcast = false;
        _vlans.AsSpan().Clear();
    }

    public void SetMacBytes(int offset, ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, AddressLength - offset)].CopyTo(_mac.AsSpan(offset));

    public bool Accepts(ReadOnlySpan<byte> frame, bool filterVlans)
    {
        if (_promiscuous)
        {
            return true;
        }

        const ushort VlanTag = 0x8100;
        if (filterVlans && frame.Length >= 18 && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == VlanTag)
        {
            int vlan = BinaryPrimitives.ReadUInt16BigEndian(frame[14..]) & 0xfff;
            if ((_vlans[vlan >> 3] >> (vlan & 7) & 1) == 0)
            {
                return false;
            }
        }

        ReadOnlySpan<byte> to = frame[..AddressLength];
        if (!to.ContainsAnyExcept((byte)0xff))
        {
            return !_noBroadcast;
        }

        return (to[0] & 1) != 0
            ? !_noMulticast && (_allMulticast || _multicastOverflow || Contains(_multicast, _multicastCount, to))
            : !_noUnicast && (_allUnicast || _unicastOverflow || to.SequenceEqual(_mac) || Contains(_unicast, _unicastCount, to));
    }

    /// <summary>Executes a control command: class, command, parameters. False when it is unknown or malformed.</summary>
    public bool Execute(ReadOnlySpan<byte> command, Endianness order)
    {
        if (command.Length < 3)
        {
            return false;
        }

        ReadOnlySpan<byte> parameters = command[2..];
        return (command[0], command[1]) switch
        {
            (0, 0) => Set(out _promiscuous, parameters),
            (0, 1) => Set(out _allMulticast, parameters),
            (0, 2) => Set(out _allUnicast, parameters),
            (0, 3) => Set(out _noMulticast, parameters),
            (0, 4) => Set(out _noUnicast, parameters),
            (0, 5) => Set(out _noBroadcast, parameters),
            (1, 0) => SetTables(parameters, order),
            (1, 1) => SetMac(parameters),
            (2, 0) => SetVlan(parameters, order, true),
            (2, 1) => SetVlan(parameters, order, false),
            _ => false,
        };
    }

    public void Visit(StateVisitor state)
    {
        state.Bytes("mac", _mac);
        state.Bytes("unicast", _unicast);
        state.Bytes("multicast", _multicast);
        state.Bytes("vlans", _vlans);
        state.Field("unicast-count", ref _unicastCount);
        state.Field("multicast-count", ref _multicastCount);
        state.Field("unicast-overflow", ref _unicastOverflow);
        state.Field("multicast-overflow", ref _multicastOverflow);
        state.Field("promiscuous", ref _promiscuous);
        state.Field("all-multicast", ref _allMulticast);
        state.Field("all-unicast", ref _allUnicast);
        state.Field("no-multicast", ref _noMulticast);
        state.Field("no-unicast", ref _noUnicast);
        state.Field("no-broadcast", ref _noBroadcast);
        _unicastCount = Math.Clamp(_unicastCount, 0, MostAddresses);
        _multicastCount = Math.Clamp(_multicastCount, 0, MostAddresses);
    }

    private static bool Contains(ReadOnlySpan<byte> table, int count, ReadOnlySpan<byte> address)
    {
        for (int i = 0; i < count; i++)
        {
            if (table.Slice(i * AddressLength, AddressLength).SequenceEqual(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Set(out bool flag, ReadOnlySpan<byte> parameters)
    {
        flag = parameters[0] != 0;
        return true;
    }

    private bool SetMac(ReadOnlySpan<byte> parameters)
    {
        if (parameters.Length != AddressLength)
        {
            return false;
        }

        parameters.CopyTo(_mac);
        return true;
    }

    private bool SetTables(ReadOnlySpan<byte> parameters, Endianness order)
    {
        if (!TakeTable(ref parameters, order, out ReadOnlySpan<byte> unicast) || !TakeTable(ref parameters, order, out ReadOnlySpan<byte> multicast))
        {
            return false;
        }

        Store(unicast, _unicast, out _unicastCount, out _unicastOverflow);
        Store(multicast, _multicast, out _multicastCount, out _multicastOverflow);
        return true;
    }

    private static bool TakeTable(ref ReadOnlySpan<byte> parameters, Endianness order, out ReadOnlySpan<byte> table)
    {
        table = default;
        if (parameters.Length < 4)
        {
            return false;
        }

        uint count = order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(parameters) : BinaryPrimitives.ReadUInt32BigEndian(parameters);
        parameters = parameters[4..];
        if (count > (uint)(parameters.Length / AddressLength))
        {
            return false;
        }

        table = parameters[..((int)count * AddressLength)];
        parameters = parameters[table.Length..];
        return true;
    }

    // 5.1.6.5.2: a table that does not fit lets more through than asked for, never less.
    private static void Store(ReadOnlySpan<byte> from, byte[] to, out int count, out bool overflow)
    {
        overflow = from.Length > to.Length;
        count = overflow ? 0 : from.Length / AddressLength;
        if (!overflow)
        {
            from.CopyTo(to);
        }
    }

    private bool SetVlan(ReadOnlySpan<byte> parameters, Endianness order, bool isMember)
    {
        if (parameters.Length != 2)
        {
            return false;
        }

        ushort vlan = order == Endianness.Little ? BinaryPrimitives.ReadUInt16LittleEndian(parameters) : BinaryPrimitives.ReadUInt16BigEndian(parameters);
        if (vlan > 4095)
        {
            return false;
        }

        byte bit = (byte)(1 << (vlan & 7));
        _vlans[vlan >> 3] = (byte)(isMember ? _vlans[vlan >> 3] | bit : _vlans[vlan >> 3] & ~bit);
        return true;
    }
}

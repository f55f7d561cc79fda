using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Tests.Virtio;

/// <summary>How a driver talks to the device.</summary>
public enum DriverKind
{
    Modern,
    LegacyBig,
    LegacyLittle,
}

/// <summary>A small virtio driver: finds the function by its configuration space, negotiates, and owns the rings.</summary>
internal sealed class VirtioDriver
{
    public const ulong RingBase = 0x10000;
    public const ulong RingStride = 0x8000;
    public const ulong Buffers = 0x100000;
    private const uint IoBase = 0x1000;
    private const uint MemoryBase = 0x8000_0000;

    private readonly PciRig _rig;
    private readonly int _devfn;
    private readonly ushort[] _sizes;
    private readonly ushort[] _available;
    private readonly ushort[] _nextDescriptor;
    private readonly bool _modern;
    private readonly Dictionary<byte, uint> _structures = [];

    public VirtioDriver(PciRig rig, VirtioDevice device, DriverKind kind, ulong features, int slot = 3, bool start = true)
    {
        _rig = rig;
        _modern = kind == DriverKind.Modern;
        Order = kind == DriverKind.LegacyBig ? Endianness.Big : Endianness.Little;
        Function = new VirtioPciFunction(device, Order, rig.Tracer);
        rig.Bus.Place(Function, slot);
        _devfn = slot << 3;
        _sizes = new ushort[device.Queues.Count];
        _available = new ushort[_sizes.Length];
        _nextDescriptor = new ushort[_sizes.Length];
        rig.Bus.WriteConfig(_devfn, 0x10, IoBase, 4);
        rig.Bus.WriteConfig(_devfn, 0x14, MemoryBase, 4);
        rig.Bus.WriteConfig(_devfn, 0x04, 7, 2);
        FindStructures();
        Negotiated = features;
        if (start)
        {
            Start();
        }
    }

    public VirtioPciFunction Function { get; }

    public Endianness Order { get; }

    public ulong Negotiated { get; set; }

    public byte Status
    {
        get => (byte)(_modern ? Common(0x14, 1) : Io(0x12, 1));
        set
        {
            if (_modern)
            {
                Common(0x14, value, 1);
            }
            else
            {
                Io(0x12, value, 1);
            }
        }
    }

    public byte TakeIsr() => (byte)(_modern ? Mem(_structures[3], 1) : Io(0x13, 1));

    public ulong OfferedFeatures()
    {
        if (!_modern)
        {
            return Io(0, 4);
        }

        Common(0, 0, 4);
        ulong low = Common(4, 4);
        Common(0, 1, 4);
        return low | (Common(4, 4) << 32);
    }

    public byte[] Configuration(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(_modern ? Mem(_structures[4] + (uint)i, 1) : Io(0x14 + (uint)i, 1));
        }

        return bytes;
    }

    public void WriteConfiguration(int offset, byte value)
    {
        if (_modern)
        {
            _rig.Bus.Memory.Write(MemoryBase + _structures[4] + (uint)offset, value, 1);
        }
        else
        {
            Io(0x14 + (uint)offset, value, 1);
        }
    }

    public void Start()
    {
        Status = 0;
        Status = 1;
        Status = 3;
        if (_modern)
        {
            Negotiated |= 1ul << 32;
            Common(8, 0, 4);
            Common(0xc, (uint)Negotiated, 4);
            Common(8, 1, 4);
            Common(0xc, (uint)(Negotiated >> 32), 4);
            Status = 11;
            Assert.Equal(11, Status);
        }
        else
        {
            Io(4, (uint)Negotiated, 4);
        }

        for (int i = 0; i < _sizes.Length; i++)
        {
            SetUpQueue(i);
        }

        Status |= 4;
    }

    public void Stop() => Status = 0;

    public ulong DescriptorTable(int queue) => RingBase + (RingStride * (ulong)queue);

    public ulong AvailableRing(int queue) => DescriptorTable(queue) + (16ul * _sizes[queue]);

    public ulong UsedRing(int queue) => (AvailableRing(queue) + 6 + (2ul * _sizes[queue]) + 4095) & ~4095ul;

    public ushort Size(int queue) => _sizes[queue];

    public void Notify(int queue)
    {
        if (_modern)
        {
            _rig.Bus.Memory.Write(MemoryBase + _structures[2] + (uint)(4 * queue), (ulong)queue, 2);
        }
        else
        {
            Io(0x10, (ulong)queue, 2);
        }
    }

    public void PutDescriptor(ulong table, int index, ulong address, uint length, int flags, int next)
    {
        byte[] bytes = new byte[16];
        if (Order == Endianness.Little)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), length);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)flags);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14), (ushort)next);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, address);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), length);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), (ushort)flags);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)next);
        }

        _rig.Write(table + (16ul * (ulong)index), bytes);
    }

    /// <summary>Adds a chain to the ring without telling the device; returns its head.</summary>
    public ushort Add(int queue, params (ulong Address, uint Length, bool Writable)[] parts)
    {
        ushort head = _nextDescriptor[queue];
        for (int i = 0; i < parts.Length; i++)
        {
            ushort index = (ushort)((head + i) % _sizes[queue]);
            bool last = i == parts.Length - 1;
            PutDescriptor(
                DescriptorTable(queue), index, parts[i].Address, parts[i].Length, (parts[i].Writable ? 2 : 0) | (last ? 0 : 1), last ? 0 : (index + 1) % _sizes[queue]);
        }

        _nextDescriptor[queue] = (ushort)((head + parts.Length) % _sizes[queue]);
        MakeAvailable(queue, head);
        return head;
    }

    public void MakeAvailable(int queue, ushort head)
    {
        Put16(AvailableRing(queue) + 4 + (2ul * (ulong)(_available[queue] % _sizes[queue])), head);
        Put16(AvailableRing(queue) + 2, ++_available[queue]);
    }

    public uint Send(int queue, params (ulong Address, uint Length, bool Writable)[] parts)
    {
        ushort before = UsedIndex(queue);
        ushort head = Add(queue, parts);
        Notify(queue);
        Assert.Equal((ushort)(before + 1), UsedIndex(queue));
        (uint id, uint written) = Used(queue, before);
        Assert.Equal(head, id);
        return written;
    }

    public ushort UsedIndex(int queue) => Get16(UsedRing(queue) + 2);

    public (uint Id, uint Written) Used(int queue, int index)
    {
        ulong at = UsedRing(queue) + 4 + (8ul * (ulong)(index % _sizes[queue]));
        return (Get32(at), Get32(at + 4));
    }

    public void Put16(ulong address, ushort value)
    {
        byte[] bytes = BitConverter.GetBytes(value);
        _rig.Write(address, Order == Endianness.Little ? bytes : [.. bytes.Reverse()]);
    }

    public ushort Get16(ulong address)
    {
        byte[] bytes = _rig.Read(address, 2);
        return Order == Endianness.Little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint Get32(ulong address)
    {
        byte[] bytes = _rig.Read(address, 4);
        return Order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public byte[] Number32(uint value) => Order == Endianness.Little ? BitConverter.GetBytes(value) : [.. BitConverter.GetBytes(value).Reverse()];

    public byte[] Number64(ulong value) => Order == Endianness.Little ? BitConverter.GetBytes(value) : [.. BitConverter.GetBytes(value).Reverse()];

    private void SetUpQueue(int queue)
    {
        if (_modern)
        {
            Common(0x16, (ulong)queue, 2);
            _sizes[queue] = (ushort)Common(0x18, 2);
            SetAddress(0x20, DescriptorTable(queue));
            SetAddress(0x28, AvailableRing(queue));
            SetAddress(0x30, UsedRing(queue));
            Common(0x1c, 1, 2);
        }
        else
        {
            Io(0xe, (ulong)queue, 2);
            _sizes[queue] = (ushort)Io(0xc, 2);
            Io(8, DescriptorTable(queue) >> 12, 4);
        }

        _available[queue] = 0;
        _nextDescriptor[queue] = 0;
        _rig.Write(DescriptorTable(queue), new byte[RingStride]);
    }

    private void SetAddress(uint at, ulong address)
    {
        Common(at, (uint)address, 4);
        Common(at + 4, address >> 32, 4);
    }

    private void FindStructures()
    {
        Assert.NotEqual(0u, _rig.Bus.ReadConfig(_devfn, 6, 2) & 0x10);
        for (int at = (int)_rig.Bus.ReadConfig(_devfn, 0x34, 1); at != 0; at = (int)_rig.Bus.ReadConfig(_devfn, at + 1, 1))
        {
            Assert.Equal(9u, _rig.Bus.ReadConfig(_devfn, at, 1));
            byte type = (byte)_rig.Bus.ReadConfig(_devfn, at + 3, 1);
            Assert.True(_structures.TryAdd(type, _rig.Bus.ReadConfig(_devfn, at + 8, 4)));
        }

        Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }, _structures.Keys.Order().ToArray());
    }

    private ulong Common(uint offset, int size) => Mem(_structures[1] + offset, size);

    private void Common(uint offset, ulong value, int size) => _rig.Bus.Memory.Write(MemoryBase + _structures[1] + offset, value, size);

    private ulong Mem(uint offset, int size) => _rig.Bus.Memory.Read(MemoryBase + offset, size);

    private ulong Io(uint offset, int size) => _rig.Bus.Io.Read(IoBase + offset, size);

    private void Io(uint offset, ulong value, int size) => _rig.Bus.Io.Write(IoBase + offset, value, size);
}

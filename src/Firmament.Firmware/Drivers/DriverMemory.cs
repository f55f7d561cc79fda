using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers;

/// <summary>Pages of RAM that a driver shares with its device: claimed when it starts, given back when it stops.</summary>
public sealed class DriverMemory(DriverHost host) : IStateful
{
    private ulong _start;
    private ulong _size;

    /// <summary>Physical address; 0 while nothing is claimed.</summary>
    public ulong Start => _start;

    /// <summary>Bytes; 0 while nothing is claimed.</summary>
    public ulong Size => _size;

    /// <summary>Claims at least so many bytes, cleared.</summary>
    public bool TryClaim(uint size)
    {
        const ulong PageMask = GuestMemory.PageSize - 1;
        Release();
        ulong pages = (size + PageMask) & ~PageMask;
        if (!host.TryClaim(pages, out _start))
        {
            return false;
        }

        _size = pages;
        return true;
    }

    /// <summary>Gives it back, if there is any.</summary>
    public void Release()
    {
        if (_size != 0)
        {
            host.Release(_start, _size);
            _start = _size = 0;
        }
    }

    /// <summary>Reads bytes.</summary>
    public void Read(uint offset, Span<byte> bytes) => _ = host.Ram.TryRead(new PhysicalAddress(_start + offset), bytes);

    /// <summary>Writes bytes.</summary>
    public void Write(uint offset, ReadOnlySpan<byte> bytes) => _ = host.Ram.TryWrite(new PhysicalAddress(_start + offset), bytes);

    /// <summary>Clears bytes.</summary>
    public void Clear(uint offset, uint length) => _ = host.Ram.TryFill(new PhysicalAddress(_start + offset), length, 0);

    /// <summary>Reads a 16-bit number.</summary>
    public ushort Read16(uint offset, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(offset, bytes);
        return order == Endianness.Little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Reads a 32-bit number.</summary>
    public uint Read32(uint offset, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(offset, bytes);
        return order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Reads a 64-bit number.</summary>
    public ulong Read64(uint offset, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(offset, bytes);
        return order == Endianness.Little ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Writes a 16-bit number.</summary>
    public void Write16(uint offset, ushort value, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, order == Endianness.Little ? value : BinaryPrimitives.ReverseEndianness(value));
        Write(offset, bytes);
    }

    /// <summary>Writes a 32-bit number.</summary>
    public void Write32(uint offset, uint value, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, order == Endianness.Little ? value : BinaryPrimitives.ReverseEndianness(value));
        Write(offset, bytes);
    }

    /// <summary>Writes a 64-bit number.</summary>
    public void Write64(uint offset, ulong value, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, order == Endianness.Little ? value : BinaryPrimitives.ReverseEndianness(value));
        Write(offset, bytes);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("start", ref _start);
        state.Field("size", ref _size);
    }
}

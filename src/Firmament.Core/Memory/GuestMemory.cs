using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firmament.Core.State;

namespace Firmament.Core.Memory;

/// <summary>
/// Guest RAM: one host mapping, addressed from 0, with big-endian accessors that never throw for a guest's bad address.
/// </summary>
/// <remarks>
/// All writers but the CPU's own fast path (devices, firmware, loaders) come through here, so that decoded code is dropped when
/// its bytes change: every 4 KiB page carries one bit for each 64-byte grain that holds decoded instructions.
/// </remarks>
public sealed unsafe class GuestMemory : IStateful, IDisposable
{
    /// <summary>Bytes in a page, the unit of <see cref="CodeGrains"/>.</summary>
    public const int PageSize = 4096;

    /// <summary>Log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    private const int FewWrites = 256;
    private const int ManyWrites = 1 << 24;

    private readonly Dictionary<ulong, (int Left, int Limit)> _writesBesideCode = [];
    private byte* _base;
    private ulong* _codeGrains;
    private readonly nuint _grainBytes;

    /// <summary>Allocates zeroed guest RAM.</summary>
    /// <param name="size">Bytes, a multiple of 4096, greater than 0.</param>
    public GuestMemory(ulong size)
    {
        if (size == 0 || size % PageSize != 0)
        {
            throw new ArgumentException($"guest memory of {size} bytes is not a positive multiple of 4 KiB", nameof(size));
        }

        Size = size;
        _grainBytes = (nuint)(size >> PageShift) * sizeof(ulong);
        _base = HostMapping.Allocate((nuint)size);
        _codeGrains = (ulong*)HostMapping.Allocate(_grainBytes);
    }

    /// <summary>Bytes of RAM; the first invalid address.</summary>
    public ulong Size { get; }

    /// <summary>The host address of guest physical address 0. For the CPU's and the loader's use only.</summary>
    public byte* Base => _base;

    /// <summary>One 64-bit mask a page; bit n set = decoded code lives in bytes [64n, 64n+64) of that page.</summary>
    public ulong* CodeGrains => _codeGrains;

    /// <summary>Called with the page number when bytes of a grain that holds decoded code are about to be overwritten.</summary>
    public Action<ulong>? CodeOverwritten { get; set; }

    /// <summary>True when [address, address + length) lies in RAM.</summary>
    public bool Contains(ulong address, ulong length) => address <= Size && length <= Size - address;

    /// <summary>The bytes [address, address + length), read-only. False when any of it is outside RAM.</summary>
    public bool TrySlice(PhysicalAddress address, ulong length, out ReadOnlySpan<byte> bytes)
    {
        if (!Contains(address.Value, length) || length > int.MaxValue)
        {
            bytes = default;
            return false;
        }

        // SAFETY: the range was checked against the mapping.
        bytes = new ReadOnlySpan<byte>(_base + address.Value, (int)length);
        return true;
    }

    /// <summary>Copies guest bytes out. False, and nothing copied, when any of it is outside RAM.</summary>
    public bool TryRead(PhysicalAddress address, Span<byte> destination)
    {
        if (!TrySlice(address, (ulong)destination.Length, out ReadOnlySpan<byte> source))
        {
            return false;
        }

        source.CopyTo(destination);
        return true;
    }

    /// <summary>Copies bytes into the guest. False, and nothing written, when any of it is outside RAM.</summary>
    public bool TryWrite(PhysicalAddress address, ReadOnlySpan<byte> source)
    {
        if (!Contains(address.Value, (ulong)source.Length))
        {
            return false;
        }

        NoteWrite(address.Value, (ulong)source.Length);
        // SAFETY: the range was checked against the mapping.
        source.CopyTo(new Span<byte>(_base + address.Value, source.Length));
        return true;
    }

    /// <summary>Fills [address, address + length) with <paramref name="value"/>. False when any of it is outside RAM.</summary>
    public bool TryFill(PhysicalAddress address, ulong length, byte value)
    {
        if (!Contains(address.Value, length))
        {
            return false;
        }

        NoteWrite(address.Value, length);
        // SAFETY: the range was checked against the mapping.
        System.Runtime.InteropServices.NativeMemory.Fill(_base + address.Value, (nuint)length, value);
        return true;
    }

    /// <summary>Reads one byte.</summary>
    public bool TryReadUInt8(PhysicalAddress address, out byte value)
    {
        bool ok = Contains(address.Value, 1);
        value = ok ? _base[address.Value] : (byte)0;
        return ok;
    }

    /// <summary>Reads a big-endian 16-bit value; any alignment.</summary>
    public bool TryReadUInt16(PhysicalAddress address, out ushort value)
    {
        bool ok = TrySlice(address, 2, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return ok;
    }

    /// <summary>Reads a big-endian 32-bit value; any alignment.</summary>
    public bool TryReadUInt32(PhysicalAddress address, out uint value)
    {
        bool ok = TrySlice(address, 4, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads a big-endian 64-bit value; any alignment.</summary>
    public bool TryReadUInt64(PhysicalAddress address, out ulong value)
    {
        bool ok = TrySlice(address, 8, out ReadOnlySpan<byte> bytes);
        value = ok ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Writes one byte.</summary>
    public bool TryWriteUInt8(PhysicalAddress address, byte value) => TryWrite(address, [value]);

    /// <summary>Writes a big-endian 16-bit value; any alignment.</summary>
    public bool TryWriteUInt16(PhysicalAddress address, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Writes a big-endian 32-bit value; any alignment.</summary>
    public bool TryWriteUInt32(PhysicalAddress address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Writes a big-endian 64-bit value; any alignment.</summary>
    public bool TryWriteUInt64(PhysicalAddress address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>Drops decoded code that [address, address + length) overlaps. The range must lie in RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteWrite(ulong address, ulong length)
    {
        if (length == 0)
        {
            return;
        }

        ulong last = (address + length - 1) >> PageShift;
        for (ulong page = address >> PageShift; page <= last; page++)
        {
            if (_codeGrains[page] != 0)
            {
                NoteCodeWrite(page, address, length);
            }
        }
    }

    /// <summary>Zeroes whole pages of 4 KiB and gives them back to the host. False when a part is outside RAM or the range is not made of pages.</summary>
    public bool TryDiscard(PhysicalAddress address, ulong length)
    {
        if (!Contains(address.Value, length) || (address.Value | length) % PageSize != 0)
        {
            return false;
        }

        NoteWrite(address.Value, length);
        // SAFETY: the range was checked against the mapping.
        HostMapping.Clear(_base + address.Value, (nuint)length);
        return true;
    }

    /// <summary>Zeroes all RAM and gives its pages back to the host.</summary>
    public void Clear()
    {
        for (ulong page = 0; page < Size >> PageShift; page++)
        {
            if (_codeGrains[page] != 0)
            {
                CodeOverwritten?.Invoke(page);
            }
        }

        HostMapping.Clear(_base, (nuint)Size);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Memory("ram", this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_base != null)
        {
            HostMapping.Free(_base, (nuint)Size);
            HostMapping.Free((byte*)_codeGrains, _grainBytes);
            _base = null;
            _codeGrains = null;
        }
    }

    private void NoteCodeWrite(ulong page, ulong address, ulong length)
    {
        ulong start = Math.Max(address, page << PageShift) & (PageSize - 1);
        ulong end = Math.Min(address + length - (page << PageShift), PageSize) - 1;
        ulong grains = (ulong.MaxValue << (int)(start >> 6)) & (ulong.MaxValue >> (63 - (int)(end >> 6)));
        if ((_codeGrains[page] & grains) != 0 || IsDataByNow(page))
        {
            CodeOverwritten?.Invoke(page);
        }
    }

    /// <summary>
    /// Counts a write beside a page's code. Memory that held a program once and is data now would be written slowly for ever, since nothing may ever
    /// write where code was decoded; after some such writes the code is dropped. A page that really holds both gets twice as many each time.
    /// </summary>
    private bool IsDataByNow(ulong page)
    {
        (int left, int limit) = _writesBesideCode.GetValueOrDefault(page, (FewWrites, FewWrites));
        bool drop = left == 0;
        limit = drop ? Math.Min(limit * 2, ManyWrites) : limit;
        _writesBesideCode[page] = (drop ? limit : left - 1, limit);
        return drop;
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// Forth's data space: guest RAM, claimed at first use from the top of free memory, where clients are not linked. Addresses are the guest's own,
/// so client and Forth see the same bytes; in the claimed block they are physical whatever the client's translation is.
/// </summary>
internal sealed class DataSpace : IStateful
{
    /// <summary>Bytes of string a word may make at a time.</summary>
    public const int LongestText = 4096;

    public const int BaseVariable = 0;
    public const int StateVariable = 4;
    public const int ToInVariable = 8;
    public const int OutVariable = 12;
    public const int LineVariable = 16;
    public const int SpanVariable = 20;
    public const int LoadBaseVariable = 24;
    public const int ScratchVariable = 28;
    public const int MaskVariable = 32;

    private const int WordBuffer = 0x100;
    private const int HoldBuffer = 0x300;
    private const int HoldBytes = 0x100;
    private const int PadBuffer = 0x400;
    private const int StringRing = 0x800;
    private const int StringRingBytes = 0x2000;
    private const int InputBuffer = StringRing + StringRingBytes;
    private const int FirstFree = InputBuffer + LongestText;
    private const int LeastBytes = 0x8000;
    private const int MostAllocations = 4096;
    private const int PageMask = 4095;
    private const uint DirectBytes = 1 << 16;

    private readonly OpenFirmware _firmware;
    private readonly GuestMemory _ram;
    private readonly List<uint> _allocations = [];
    private uint _base;
    private uint _size;
    private uint _here;
    private uint _strings;
    private int _ring;
    private GuestAddressSpace _space;

    public DataSpace(OpenFirmware firmware)
    {
        _firmware = firmware;
        _ram = firmware.Platform.Ram;
        _space = firmware.Physical;
    }

    /// <summary>What addresses outside the claimed block mean.</summary>
    public GuestAddressSpace Space
    {
        get => _space;
        set => _space = value;
    }

    public bool IsClaimed => _size != 0;

    /// <summary>The claimed block; empty before first use.</summary>
    public MemoryRange Block => new(_base, _size);

    public uint Here => _here;

    public uint Unused => _strings - _here;

    public uint Pad => _base + PadBuffer;

    public uint WordAddress => _base + WordBuffer;

    public uint HoldEnd => _base + HoldBuffer + HoldBytes;

    public uint HoldStart => _base + HoldBuffer;

    /// <summary>The terminal input buffer, <see cref="LongestText"/> bytes.</summary>
    public uint Input => _base + InputBuffer;

    /// <summary>Claims the block, if that has not been done. False when there is no memory for it.</summary>
    public bool TryClaim()
    {
        if (_size != 0)
        {
            return true;
        }

        for (uint size = _firmware.Options.ForthMemory; size >= LeastBytes; size /= 2)
        {
            if (TryClaimTop(size, out uint start))
            {
                (_base, _size, _here, _strings, _ring) = (start, size, start + FirstFree, start + size, 0);
                _ = _ram.TryFill(new PhysicalAddress(start), size, 0);
                SetVariable(BaseVariable, 16);
                return true;
            }
        }

        return false;
    }

    public uint Variable(int offset) => _size != 0 && _ram.TryReadUInt32(new PhysicalAddress(_base + (uint)offset), out uint value) ? value : 0;

    public void SetVariable(int offset, uint value)
    {
        if (_size != 0)
        {
            _ = _ram.TryWriteUInt32(new PhysicalAddress(_base + (uint)offset), value);
        }
    }

    public uint VariableAddress(int offset) => _base + (uint)offset;

    /// <summary>Moves `here`. False when it would leave the data space.</summary>
    public bool TryAllot(int bytes)
    {
        long here = (long)_here + bytes;
        if (here < _base + FirstFree || here > _strings)
        {
            return false;
        }

        _here = (uint)here;
        return true;
    }

    public bool TryAlign() => TryAllot((int)(-(int)_here & 3));

    /// <summary>Takes data space from its end, which leaves `here` alone: for strings that definitions hold.</summary>
    public bool TryTakeFromEnd(int bytes, out uint address)
    {
        bytes = (bytes + 3) & ~3;
        address = _strings - (uint)bytes;
        if (bytes > Unused)
        {
            return false;
        }

        _strings = address;
        return true;
    }

    /// <summary>Puts a string where it stays for a while: the oldest of such strings go first.</summary>
    public uint KeepForAWhile(ReadOnlySpan<byte> text)
    {
        int bytes = Math.Min(text.Length, LongestText - 4);
        if (_ring + bytes + 1 > StringRingBytes)
        {
            _ring = 0;
        }

        uint address = _base + StringRing + (uint)_ring;
        _ring = (_ring + bytes + 4) & ~3;
        _ = _ram.TryWrite(new PhysicalAddress(address), text[..bytes]);
        _ = _ram.TryWriteUInt8(new PhysicalAddress(address + (uint)bytes), 0);
        return address;
    }

    /// <summary>Puts a longer string above `here`, where the next one of that kind or new data will overwrite it. False when it does not fit.</summary>
    public bool TryKeepAboveHere(ReadOnlySpan<byte> text, out uint address)
    {
        address = (_here + LongestText + 3) & ~3u;
        return address <= _strings && text.Length <= (int)(_strings - address) && _ram.TryWrite(new PhysicalAddress(address), text);
    }

    public bool TryFetch(uint address, out uint value)
    {
        uint offset = address - _base;
        if ((offset < _size && offset <= _size - 4) || _space.Processor == null)
        {
            return _ram.TryReadUInt32(new PhysicalAddress(address), out value);
        }

        Span<byte> bytes = stackalloc byte[4];
        bool ok = _space.TryRead(address, bytes);
        value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return ok;
    }

    public bool TryStore(uint address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    public bool TryFetch16(uint address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[2];
        bool ok = TryRead(address, bytes);
        value = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return ok;
    }

    public bool TryFetch8(uint address, out uint value)
    {
        uint offset = address - _base;
        if (offset < _size || _space.Processor == null)
        {
            bool inside = _ram.TryReadUInt8(new PhysicalAddress(address), out byte direct);
            value = direct;
            return inside;
        }

        Span<byte> bytes = stackalloc byte[1];
        bool ok = _space.TryRead(address, bytes);
        value = bytes[0];
        return ok;
    }

    public bool TryStore8(uint address, uint value) => TryWrite(address, [(byte)value]);

    public bool TryStore16(uint address, uint value) => TryWrite(address, [(byte)(value >> 8), (byte)value]);

    public bool TryRead(uint address, Span<byte> bytes) =>
        IsOwn(address, (uint)bytes.Length) ? _ram.TryRead(new PhysicalAddress(address), bytes) : _space.TryRead(address, bytes);

    public bool TryWrite(uint address, ReadOnlySpan<byte> bytes) =>
        IsOwn(address, (uint)bytes.Length) ? _ram.TryWrite(new PhysicalAddress(address), bytes) : _space.TryWrite(address, bytes);

    /// <summary>The bytes themselves, where they lie one after the other. False for a bad address and where translation may scatter them.</summary>
    public bool TrySlice(uint address, uint length, out ReadOnlySpan<byte> bytes)
    {
        if (IsOwn(address, length) || _space.Processor == null || IsIdentity(address, length))
        {
            return _ram.TrySlice(new PhysicalAddress(address), length, out bytes);
        }

        bytes = default;
        return false;
    }

    /// <summary>As <see cref="TrySlice"/>, for memory that `alloc-mem` gave: its addresses are physical.</summary>
    public bool TrySliceOwned(uint address, uint length, out ReadOnlySpan<byte> bytes) => _ram.TrySlice(new PhysicalAddress(address), length, out bytes);

    /// <summary>Copies text out of guest memory. False for a bad address or more than <paramref name="most"/> bytes.</summary>
    public bool TryCopy(uint address, uint length, int most, out byte[] bytes)
    {
        bytes = length <= (uint)most ? new byte[length] : [];
        return length <= (uint)most && TryRead(address, bytes);
    }

    /// <summary>`alloc-mem`: whole pages from the top of free memory. False when there are none.</summary>
    public bool TryAllocate(uint bytes, out uint address)
    {
        address = 0;
        ulong size = (Math.Max(bytes, 1UL) + PageMask) & ~(ulong)PageMask;
        if (_allocations.Count >= 2 * MostAllocations || size >= uint.MaxValue || !TryClaimTop((uint)size, out address))
        {
            return false;
        }

        _allocations.Add(address);
        _allocations.Add((uint)size);
        return true;
    }

    /// <summary>`free-mem`. False for an address that `alloc-mem` did not give.</summary>
    public bool TryFree(uint address)
    {
        for (int i = 0; i < _allocations.Count; i += 2)
        {
            if (_allocations[i] == address)
            {
                uint size = _allocations[i + 1];
                _allocations.RemoveRange(i, 2);
                return _firmware.Memory.TryRelease(address, size);
            }
        }

        return false;
    }

    /// <summary>Takes `here` back, for `forget`.</summary>
    public void Rewind(uint here)
    {
        if (here >= _base + FirstFree && here <= _here)
        {
            _here = here;
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("base", ref _base);
        state.Field("size", ref _size);
        state.Field("here", ref _here);
        state.Field("strings", ref _strings);
        state.Field("ring", ref _ring);
        int count = _allocations.Count;
        state.Field("allocations", ref count);
        count = Math.Clamp(count, 0, 2 * MostAllocations);
        for (int i = 0; i < count; i++)
        {
            uint value = i < _allocations.Count ? _allocations[i] : 0;
            state.Field("allocation", ref value);
            if (state.IsLoading)
            {
                if (i == 0)
                {
                    _allocations.Clear();
                }

                _allocations.Add(value);
            }
        }

        if (state.IsLoading)
        {
            if (count == 0)
            {
                _allocations.Clear();
            }

            _ring = Math.Clamp(_ring, 0, StringRingBytes);
            _space = _firmware.Physical;
        }
    }

    private bool IsOwn(uint address, uint length)
    {
        uint offset = address - _base;
        return offset < _size && length <= _size - offset;
    }

    /// <summary>True when the client's translation leaves every page of a range where it is.</summary>
    private bool IsIdentity(uint address, uint length)
    {
        ulong end = (ulong)address + length;
        if (length > DirectBytes)
        {
            return false;
        }

        for (ulong page = address & ~(ulong)PageMask; page < end; page += PageMask + 1)
        {
            if (!_space.Processor!.TryTranslate(page, write: false, out PhysicalAddress physical) || physical.Value != page)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryClaimTop(uint size, out uint start)
    {
        IReadOnlyList<MemoryRange> free = _firmware.Memory.Free;
        for (int i = free.Count - 1; i >= 0; i--)
        {
            ulong candidate = (Math.Min(free[i].End, 1UL << 31) - size) & ~(ulong)PageMask;
            if (free[i].Size >= size && free[i].End >= size && candidate >= free[i].Start && candidate != 0
                && candidate < 1UL << 31 && _firmware.Memory.TryClaim(candidate, size))
            {
                start = (uint)candidate;
                return true;
            }
        }

        start = 0;
        return false;
    }
}

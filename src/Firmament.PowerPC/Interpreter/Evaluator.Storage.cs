using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Storage accesses: TLB hit inline on the fast path, <see cref="StorageAccess"/> on the slow one.</summary>
internal unsafe partial struct Evaluator<TPath>
{
    /// <summary>Entries of a data TLB; indexed by the low bits of the effective page number.</summary>
    public const int TlbEntries = 1024;

    // sizeof(TlbEntry) is 32; written out, index and scale become one shift and one mask.
    private const int TlbEntryShift = 5;

    [MethodImpl(Inline)]
    public bool Load8(Word32 ea, out Word32 value)
    {
        bool ok = Load(ea.Value, 1, out ulong raw);
        value = new((uint)raw);
        return ok;
    }

    [MethodImpl(Inline)]
    public bool Load16(Word32 ea, out Word32 value)
    {
        bool ok = Load(ea.Value, 2, out ulong raw);
        value = new((uint)raw);
        return ok;
    }

    [MethodImpl(Inline)]
    public bool Load32(Word32 ea, out Word32 value)
    {
        bool ok = Load(ea.Value, 4, out ulong raw);
        value = new((uint)raw);
        return ok;
    }

    [MethodImpl(Inline)] public bool Store8(Word32 ea, Word32 value) => Store(ea.Value, 1, value.Value);

    [MethodImpl(Inline)] public bool Store16(Word32 ea, Word32 value) => Store(ea.Value, 2, value.Value);

    [MethodImpl(Inline)] public bool Store32(Word32 ea, Word32 value) => Store(ea.Value, 4, value.Value);

    [MethodImpl(Inline)]
    public bool LoadReserve32(Word32 ea, out Word32 value)
    {
        value = default;
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea.Value);
            if ((ea.Value & 0xffff_f003) != entry->ReadTag)
            {
                return Miss();
            }

            _s->ReservationValid = 1;
            _s->ReservationAddress = (entry->Physical | (ea.Value & 0xfff)) & ~31ul;
            value = new(BinaryPrimitives.ReverseEndianness(*(uint*)(entry->Addend + (nint)ea.Value)));
            return true;
        }

        if (!StorageAccess.LoadReserve(_s, _i, ea.Value, out uint loaded))
        {
            return Stop();
        }

        value = new(loaded);
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreConditional32(Word32 ea, Word32 value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea.Value);
            if ((ea.Value & 0xffff_f003) != entry->WriteTag)
            {
                return Miss();
            }

            bool held = _s->ReservationValid != 0 && _s->ReservationAddress == ((entry->Physical | (ea.Value & 0xfff)) & ~31ul);
            if (held)
            {
                *(uint*)(entry->Addend + (nint)ea.Value) = BinaryPrimitives.ReverseEndianness(value.Value);
            }

            _s->ReservationValid = 0;
            _s->Cr[0] = (byte)((held ? 2 : 0) | _s->XerSo);
            return true;
        }

        return StorageAccess.StoreConditional(_s, _i, ea.Value, value.Value) || Stop();
    }

    [MethodImpl(Inline)]
    public bool LoadFprSingle(int frt, Word32 ea)
    {
        if (!LoadAligned(ea.Value, 4, out ulong raw))
        {
            return false;
        }

        Fpr(frt) = SingleFormat.DoubleFromSingle((uint)raw);
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadFprDouble(int frt, Word32 ea)
    {
        if (!LoadAligned(ea.Value, 8, out ulong raw))
        {
            return false;
        }

        Fpr(frt) = raw;
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreFprSingle(int frs, Word32 ea) => StoreAligned(ea.Value, 4, SingleFormat.SingleFromDouble(Fpr(frs)));

    [MethodImpl(Inline)] public bool StoreFprDouble(int frs, Word32 ea) => StoreAligned(ea.Value, 8, Fpr(frs));

    [MethodImpl(Inline)] public bool StoreFprWord(int frs, Word32 ea) => StoreAligned(ea.Value, 4, (uint)Fpr(frs));

    [MethodImpl(Inline)]
    public bool LoadVr(int vrt, Word32 ea, int size)
    {
        uint address = ea.Value & ~(uint)(size - 1);
        if (size == 16)
        {
            if (TPath.IsFast)
            {
                TlbEntry* entry = Entry(address);
                if ((address & 0xffff_f000) != entry->ReadTag)
                {
                    return Miss();
                }

                Vr(vrt) = ReverseBytes(*(Vector128<byte>*)(entry->Addend + (nint)address));
                return true;
            }

            // In little-endian mode the doublewords change places (AltiVec PEM 3.1.4).
            uint first = address | DoublewordSwap;
            if (!Load(first, 8, out ulong high) || !Load(first ^ 8, 8, out ulong low))
            {
                return false;
            }

            Vr(vrt) = Vector128.Create(low, high).AsByte();
            return true;
        }

        if (!Load(address, size, out ulong raw))
        {
            return false;
        }

        // Byte element n is host byte 15 - n; a big-endian element of size bytes ends at its lowest host byte.
        byte* register = (byte*)_s->Vsr + ((32 + vrt) * 16);
        int host = ElementOffset(address, size);
        switch (size)
        {
            case 1: register[host] = (byte)raw; break;
            case 2: *(ushort*)(register + host) = (ushort)raw; break;
            default: *(uint*)(register + host) = (uint)raw; break;
        }

        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreVr(int vrs, Word32 ea, int size)
    {
        uint address = ea.Value & ~(uint)(size - 1);
        byte* register = (byte*)_s->Vsr + ((32 + vrs) * 16);
        if (size == 16)
        {
            if (TPath.IsFast)
            {
                TlbEntry* entry = Entry(address);
                if ((address & 0xffff_f000) != entry->WriteTag)
                {
                    return Miss();
                }

                *(Vector128<byte>*)(entry->Addend + (nint)address) = ReverseBytes(*(Vector128<byte>*)register);
                return true;
            }

            uint first = address | DoublewordSwap;
            return Store(first, 8, ((ulong*)register)[1]) && Store(first ^ 8, 8, ((ulong*)register)[0]);
        }

        int host = ElementOffset(address, size);
        ulong value = size switch
        {
            1 => register[host],
            2 => *(ushort*)(register + host),
            _ => *(uint*)(register + host),
        };
        return Store(address, size, value);
    }

    /// <summary>lvsl: bytes sh, sh+1, … sh+15; lvsr: 16-sh, … 31-sh, where sh = EA[60:63].</summary>
    [MethodImpl(Inline)]
    public readonly void SetVrShiftControl(int vrt, Word32 ea, bool right)
    {
        byte sh = (byte)(ea.Value & 15);
        byte first = right ? (byte)(16 - sh) : sh;
        Vector128<byte> descending = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        *(Vector128<byte>*)((byte*)_s->Vsr + ((32 + vrt) * 16)) = descending + Vector128.Create(first);
    }

    [MethodImpl(Inline)]
    public bool ZeroBlock(Word32 ea)
    {
        const uint BlockMask = 31;
        uint address = ea.Value & ~BlockMask;
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address);
            if ((address & 0xffff_f000) != entry->WriteTag)
            {
                return Miss();
            }

            byte* host = (byte*)(entry->Addend + (nint)address);
            *(Vector256<byte>*)host = Vector256<byte>.Zero;
            return true;
        }

        return StorageAccess.ZeroBlock(_s, _i, address) || Stop();
    }

    [MethodImpl(Inline)]
    public bool Probe(Word32 ea)
    {
        if (TPath.IsFast)
        {
            return (ea.Value & 0xffff_f000) == Entry(ea.Value)->ReadTag || Miss();
        }

        return StorageAccess.Probe(_s, _i, ea.Value) || Stop();
    }

    public bool InvalidateDataBlock(Word32 ea) => StorageAccess.InvalidateDataBlock(_s, _i, ea.Value) || Stop();

    public bool ExternalControlIn(int rt, Word32 ea)
    {
        if (!StorageAccess.ExternalControl(_s, _i, ea.Value, false) || !Load(ea.Value, 4, out ulong raw))
        {
            return Stop();
        }

        this[rt] = new((uint)raw);
        return true;
    }

    public bool ExternalControlOut(Word32 ea, Word32 value) =>
        (StorageAccess.ExternalControl(_s, _i, ea.Value, true) && Store(ea.Value, 4, value.Value)) || Stop();

    public bool RequireAlignedMultiple(Word32 ea) => StorageAccess.RequireAligned(_s, _i, ea.Value, 3, isMultiple: true) || Stop();

    public bool RequireBigEndianString(Word32 ea) => StorageAccess.RequireAligned(_s, _i, ea.Value, 0, isMultiple: true) || Stop();

    /// <summary>An access whose last byte lies in the page whose entry its first byte selects hits when the tags agree.</summary>
    [MethodImpl(Inline)]
    private bool Load(uint ea, int size, out ulong value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea);
            if (((ea + (uint)(size - 1)) & 0xffff_f000) != entry->ReadTag)
            {
                value = 0;
                return Miss();
            }

            byte* host = (byte*)(entry->Addend + (nint)ea);
            value = size switch
            {
                1 => *host,
                2 => BinaryPrimitives.ReverseEndianness(*(ushort*)host),
                4 => BinaryPrimitives.ReverseEndianness(*(uint*)host),
                _ => BinaryPrimitives.ReverseEndianness(*(ulong*)host),
            };
            return true;
        }

        return StorageAccess.Load(_s, _i, ea, size, out value) || Stop();
    }

    [MethodImpl(Inline)]
    private bool Store(uint ea, int size, ulong value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea);
            if (((ea + (uint)(size - 1)) & 0xffff_f000) != entry->WriteTag)
            {
                return Miss();
            }

            byte* host = (byte*)(entry->Addend + (nint)ea);
            switch (size)
            {
                case 1: *host = (byte)value; break;
                case 2: *(ushort*)host = BinaryPrimitives.ReverseEndianness((ushort)value); break;
                case 4: *(uint*)host = BinaryPrimitives.ReverseEndianness((uint)value); break;
                default: *(ulong*)host = BinaryPrimitives.ReverseEndianness(value); break;
            }

            return true;
        }

        return StorageAccess.Store(_s, _i, ea, size, value) || Stop();
    }

    /// <summary>Floating-point accesses must be word-aligned on a 74xx (MPC7450 RM 4.6.6).</summary>
    [MethodImpl(Inline)]
    private bool LoadAligned(uint ea, int size, out ulong value)
    {
        if ((ea & 3) != 0)
        {
            value = 0;
            return TPath.IsFast ? Miss() : StorageAccess.RequireAligned(_s, _i, ea, 3, isMultiple: false) || Stop();
        }

        return Load(ea, size, out value);
    }

    [MethodImpl(Inline)]
    private bool StoreAligned(uint ea, int size, ulong value)
    {
        if ((ea & 3) != 0)
        {
            return TPath.IsFast ? Miss() : StorageAccess.RequireAligned(_s, _i, ea, 3, isMultiple: false) || Stop();
        }

        return Store(ea, size, value);
    }

    /// <summary>8 in little-endian mode, which only the slow path meets.</summary>
    private readonly uint DoublewordSwap => !TPath.IsFast && (_s->Msr & MsrBits.Le) != 0 ? 8u : 0;

    /// <summary>Where in a register the element of an address lies; little-endian mode counts from the other end (AltiVec PEM 6.2, lvebx).</summary>
    [MethodImpl(Inline)]
    private readonly int ElementOffset(uint address, int size) =>
        DoublewordSwap != 0 ? (int)(address & 15) : 16 - size - (int)(address & 15);

    [MethodImpl(Inline)] private readonly TlbEntry* Entry(uint ea) => (TlbEntry*)((byte*)_s->Tlb + ((ea >> (12 - TlbEntryShift)) & ((TlbEntries - 1) << TlbEntryShift)));

    [MethodImpl(Inline)] private readonly ref ulong Fpr(int n) => ref *((ulong*)_s->Vsr + (2 * n) + 1);

    [MethodImpl(Inline)] private readonly ref Vector128<byte> Vr(int n) => ref *(Vector128<byte>*)((byte*)_s->Vsr + ((32 + n) * 16));

    [MethodImpl(Inline)]
    private static Vector128<byte> ReverseBytes(Vector128<byte> value) =>
        Vector128.Shuffle(value, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>Leaves the instruction to its slow twin; nothing has been changed.</summary>
    [MethodImpl(Inline)]
    private bool Miss()
    {
        _s->Current = _i;
        Next = _s->MissInsn;
        return false;
    }

    /// <summary>An interrupt was raised, or the CPU must look up: the dispatcher takes over.</summary>
    [MethodImpl(Inline)]
    private bool Stop()
    {
        Next = _s->StopInsn;
        return false;
    }
}

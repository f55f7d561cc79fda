using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Storage accesses: TLB hit inline on the fast path, <see cref="StorageAccess{TMode}"/> on the slow one.</summary>
internal unsafe partial struct Evaluator<TPath, TWord, TMode>
{
    // sizeof(TlbEntry) is 32; written out, index and scale become one shift and one mask.
    private const int TlbEntryShift = 5;
    private const ulong PageMask = ~0xffful;

    [MethodImpl(Inline)] public bool Load8(TWord ea, out TWord value) => LoadWord(ea, 1, out value);

    [MethodImpl(Inline)] public bool Load16(TWord ea, out TWord value) => LoadWord(ea, 2, out value);

    [MethodImpl(Inline)] public bool Load32(TWord ea, out TWord value) => LoadWord(ea, 4, out value);

    [MethodImpl(Inline)] public bool Load64(TWord ea, out TWord value) => LoadWord(ea, 8, out value);

    [MethodImpl(Inline)] public bool Store8(TWord ea, TWord value) => Store(Effective(ea), 1, value.Bits);

    [MethodImpl(Inline)] public bool Store16(TWord ea, TWord value) => Store(Effective(ea), 2, value.Bits);

    [MethodImpl(Inline)] public bool Store32(TWord ea, TWord value) => Store(Effective(ea), 4, value.Bits);

    [MethodImpl(Inline)] public bool Store64(TWord ea, TWord value) => Store(Effective(ea), 8, value.Bits);

    [MethodImpl(Inline)]
    public bool LoadReserve(TWord ea, int size, out TWord value)
    {
        ulong address = Effective(ea);
        value = default;
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address, write: false);
            if ((address & (PageMask | (uint)(size - 1))) != entry->Tag)
            {
                return Miss();
            }

            _s->ReservationValid = 1;
            _s->ReservationAddress = (entry->Physical | (address & 0xfff)) & GranuleMask;
            value = TWord.From(FromStorage((byte*)(entry->Addend + (nint)address), size));
            return true;
        }

        if (!StorageAccess<TMode>.LoadReserve(_s, _i, address, size, out ulong loaded))
        {
            return Stop();
        }

        value = TWord.From(loaded);
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreConditional(TWord ea, int size, TWord value)
    {
        ulong address = Effective(ea);
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address, write: true);
            if ((address & (PageMask | (uint)(size - 1))) != entry->Tag)
            {
                return Miss();
            }

            bool held = _s->ReservationValid != 0 && _s->ReservationAddress == ((entry->Physical | (address & 0xfff)) & GranuleMask);
            if (held)
            {
                ToStorage((byte*)(entry->Addend + (nint)address), size, value.Bits);
            }

            _s->ReservationValid = 0;
            _s->Cr[0] = (byte)((held ? 2 : 0) | _s->XerSo);
            return true;
        }

        return StorageAccess<TMode>.StoreConditional(_s, _i, address, size, value.Bits) || Stop();
    }

    [MethodImpl(Inline)]
    public bool LoadFprSingle(int frt, TWord ea)
    {
        if (!LoadAligned(Effective(ea), 4, out ulong raw))
        {
            return false;
        }

        Fpr(frt) = SingleFormat.DoubleFromSingle((uint)raw);
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadFprDouble(int frt, TWord ea)
    {
        if (!LoadAligned(Effective(ea), 8, out ulong raw))
        {
            return false;
        }

        Fpr(frt) = raw;
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreFprSingle(int frs, TWord ea) => StoreAligned(Effective(ea), 4, SingleFormat.SingleFromDouble(Fpr(frs)));

    [MethodImpl(Inline)] public bool StoreFprDouble(int frs, TWord ea) => StoreAligned(Effective(ea), 8, Fpr(frs));

    [MethodImpl(Inline)] public bool StoreFprWord(int frs, TWord ea) => StoreAligned(Effective(ea), 4, (uint)Fpr(frs));

    [MethodImpl(Inline)]
    public bool ZeroBlock(TWord ea)
    {
        ulong block = TMode.Is64 ? 128ul : 32ul;
        ulong address = Effective(ea) & ~(block - 1);
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address, write: true);
            if ((address & PageMask) != entry->Tag)
            {
                return Miss();
            }

            byte* host = (byte*)(entry->Addend + (nint)address);
            *(Vector256<byte>*)host = Vector256<byte>.Zero;
            if (TMode.Is64)
            {
                *(Vector256<byte>*)(host + 32) = Vector256<byte>.Zero;
                *(Vector256<byte>*)(host + 64) = Vector256<byte>.Zero;
                *(Vector256<byte>*)(host + 96) = Vector256<byte>.Zero;
            }

            return true;
        }

        return StorageAccess<TMode>.ZeroBlock(_s, _i, address, (uint)block) || Stop();
    }

    [MethodImpl(Inline)]
    public bool Probe(TWord ea)
    {
        ulong address = Effective(ea);
        if (TPath.IsFast)
        {
            return (address & PageMask) == Entry(address, write: false)->Tag || Miss();
        }

        return StorageAccess<TMode>.Probe(_s, _i, address) || Stop();
    }

    public bool InvalidateDataBlock(TWord ea) => StorageAccess<TMode>.InvalidateDataBlock(_s, _i, Effective(ea)) || Stop();

    public bool ExternalControlIn(int rt, TWord ea)
    {
        if (!StorageAccess<TMode>.ExternalControl(_s, _i, Effective(ea), false) || !Load(Effective(ea), 4, out ulong raw))
        {
            return Stop();
        }

        this[rt] = TWord.From(raw);
        return true;
    }

    public bool ExternalControlOut(TWord ea, TWord value) =>
        (StorageAccess<TMode>.ExternalControl(_s, _i, Effective(ea), true) && Store(Effective(ea), 4, value.Bits)) || Stop();

    public bool RequireAlignedMultiple(TWord ea) =>
        StorageAccess<TMode>.RequireAligned(_s, _i, Effective(ea), TMode.Is64 ? 0u : 3u, isMultiple: true) || Stop();

    public bool RequireBigEndianString(TWord ea) => StorageAccess<TMode>.RequireAligned(_s, _i, Effective(ea), 0, isMultiple: true) || Stop();

    public bool RequireAligned(TWord ea, int size) =>
        StorageAccess<TMode>.RequireAligned(_s, _i, Effective(ea), (uint)(size - 1), isMultiple: false) || Stop();

    [MethodImpl(Inline)]
    private bool LoadWord(TWord ea, int size, out TWord value)
    {
        bool ok = Load(Effective(ea), size, out ulong raw);
        value = TWord.From(raw);
        return ok;
    }

    /// <summary>An access whose last byte lies in the page whose entry its first byte selects hits when the tags agree.</summary>
    [MethodImpl(Inline)]
    private bool Load(ulong ea, int size, out ulong value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea, write: false);
            if (((ea + (uint)(size - 1)) & PageMask) != entry->Tag)
            {
                value = 0;
                return Miss();
            }

            value = FromStorage((byte*)(entry->Addend + (nint)ea), size);
            return true;
        }

        return StorageAccess<TMode>.Load(_s, _i, ea, size, out value) || Stop();
    }

    [MethodImpl(Inline)]
    private bool Store(ulong ea, int size, ulong value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(ea, write: true);
            if (((ea + (uint)(size - 1)) & PageMask) != entry->Tag)
            {
                return Miss();
            }

            ToStorage((byte*)(entry->Addend + (nint)ea), size, value);
            return true;
        }

        return StorageAccess<TMode>.Store(_s, _i, ea, size, value) || Stop();
    }

    [MethodImpl(Inline)]
    private static ulong FromStorage(byte* host, int size) => TMode.LittleEndian
        ? size switch
        {
            1 => *host,
            2 => *(ushort*)host,
            4 => *(uint*)host,
            _ => *(ulong*)host,
        }
        : size switch
        {
            1 => *host,
            2 => BinaryPrimitives.ReverseEndianness(*(ushort*)host),
            4 => BinaryPrimitives.ReverseEndianness(*(uint*)host),
            _ => BinaryPrimitives.ReverseEndianness(*(ulong*)host),
        };

    [MethodImpl(Inline)]
    private static void ToStorage(byte* host, int size, ulong value)
    {
        switch (size)
        {
            case 1: *host = (byte)value; break;
            case 2: *(ushort*)host = TMode.LittleEndian ? (ushort)value : BinaryPrimitives.ReverseEndianness((ushort)value); break;
            case 4: *(uint*)host = TMode.LittleEndian ? (uint)value : BinaryPrimitives.ReverseEndianness((uint)value); break;
            default: *(ulong*)host = TMode.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value); break;
        }
    }

    /// <summary>Floating-point accesses must be word-aligned on a 74xx (MPC7450 RM 4.6.6).</summary>
    [MethodImpl(Inline)]
    private bool LoadAligned(ulong ea, int size, out ulong value)
    {
        if (!TMode.Is64 && (ea & 3) != 0)
        {
            value = 0;
            return TPath.IsFast ? Miss() : StorageAccess<TMode>.RequireAligned(_s, _i, ea, 3, isMultiple: false) || Stop();
        }

        return Load(ea, size, out value);
    }

    [MethodImpl(Inline)]
    private bool StoreAligned(ulong ea, int size, ulong value)
    {
        if (!TMode.Is64 && (ea & 3) != 0)
        {
            return TPath.IsFast ? Miss() : StorageAccess<TMode>.RequireAligned(_s, _i, ea, 3, isMultiple: false) || Stop();
        }

        return Store(ea, size, value);
    }

    /// <summary>A reservation covers 32 bytes on a 74xx, 128 on POWER.</summary>
    private static ulong GranuleMask
    {
        [MethodImpl(Inline)] get => TMode.Is64 ? ~127ul : ~31ul;
    }

    [MethodImpl(Inline)]
    private readonly TlbEntry* Entry(ulong ea, bool write) =>
        (TlbEntry*)((byte*)_s->Tlb + (((uint)ea >> (12 - TlbEntryShift)) & ((SoftTlb.DataEntries - 1) << TlbEntryShift))) + (write ? SoftTlb.DataEntries : 0);

    [MethodImpl(Inline)] private readonly ref ulong Fpr(int n) => ref *((ulong*)_s->Vsr + (2 * n) + 1);

    [MethodImpl(Inline)] private readonly ref Vector128<byte> Vr(int n) => ref *(Vector128<byte>*)((byte*)_s->Vsr + ((32 + n) * 16));

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

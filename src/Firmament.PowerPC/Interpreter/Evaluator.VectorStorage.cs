using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>Vector and vector-scalar loads and stores. Source: AltiVec PEM 6.2, Power ISA 3.0B Book I 6.7 and 7.6.</summary>
internal unsafe partial struct Evaluator<TPath, TWord, TMode>
{
    [MethodImpl(Inline)]
    public bool LoadVr(int vrt, TWord ea, int size)
    {
        ulong address = Effective(ea) & ~(ulong)(uint)(size - 1);
        if (size == 16)
        {
            return TMode.Is64 || TPath.IsFast ? LoadQuad(address, out Vr(vrt)) : LoadVrClassic(vrt, address);
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
    public bool StoreVr(int vrs, TWord ea, int size)
    {
        ulong address = Effective(ea) & ~(ulong)(uint)(size - 1);
        byte* register = (byte*)_s->Vsr + ((32 + vrs) * 16);
        if (size == 16)
        {
            return TMode.Is64 || TPath.IsFast ? StoreQuad(address, *(Vector128<byte>*)register) : StoreVrClassic(register, address);
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
    public readonly void SetVrShiftControl(int vrt, TWord ea, bool right)
    {
        byte sh = (byte)(ea.Bits & 15);
        byte first = right ? (byte)(16 - sh) : sh;
        Vector128<byte> descending = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        *(Vector128<byte>*)((byte*)_s->Vsr + ((32 + vrt) * 16)) = descending + Vector128.Create(first);
    }

    [MethodImpl(Inline)]
    public bool LoadVsr(int xt, TWord ea, VsrLoad shape)
    {
        ulong address = Effective(ea);
        ulong* register = _s->Vsr + (2 * xt);
        ulong raw;
        switch (shape)
        {
            case VsrLoad.Quadword:
                return LoadQuad(address, out *(Vector128<byte>*)register);
            case VsrLoad.TwoDoublewords:
                if (!LoadPair(address, out ulong first, out ulong second))
                {
                    return false;
                }

                register[1] = first;
                register[0] = second;
                return true;
            case VsrLoad.FourWords:
                return LoadElements(address, 4, register);
            case VsrLoad.EightHalfwords:
                return LoadElements(address, 2, register);
            case VsrLoad.SixteenBytes:
                return LoadElements(address, 1, register);
            case VsrLoad.DoublewordSplat:
                if (!Load(address, 8, out raw))
                {
                    return false;
                }

                register[0] = register[1] = raw;
                return true;
            case VsrLoad.WordSplat:
                if (!Load(address, 4, out raw))
                {
                    return false;
                }

                register[0] = register[1] = raw * 0x1_0000_0001;
                return true;
            case VsrLoad.Doubleword:
                if (!Load(address, 8, out raw))
                {
                    return false;
                }

                break;
            case VsrLoad.Single:
                if (!Load(address, 4, out raw))
                {
                    return false;
                }

                raw = Leaf.FloatingPoint.SingleFormat.DoubleFromSingle((uint)raw);
                break;
            case VsrLoad.WordAlgebraic:
                if (!Load(address, 4, out raw))
                {
                    return false;
                }

                raw = (ulong)(int)raw;
                break;
            case VsrLoad.Word:
                if (!Load(address, 4, out raw))
                {
                    return false;
                }

                break;
            case VsrLoad.Halfword:
                if (!Load(address, 2, out raw))
                {
                    return false;
                }

                break;
            default:
                if (!Load(address, 1, out raw))
                {
                    return false;
                }

                break;
        }

        register[1] = raw;
        register[0] = 0;
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreVsr(int xs, TWord ea, VsrLoad shape)
    {
        ulong address = Effective(ea);
        ulong* register = _s->Vsr + (2 * xs);
        return shape switch
        {
            VsrLoad.Quadword => StoreQuad(address, *(Vector128<byte>*)register),
            VsrLoad.TwoDoublewords => StorePair(address, register[1], register[0]),
            VsrLoad.FourWords => StoreElements(address, 4, register),
            VsrLoad.EightHalfwords => StoreElements(address, 2, register),
            VsrLoad.SixteenBytes => StoreElements(address, 1, register),
            VsrLoad.Doubleword => Store(address, 8, register[1]),
            VsrLoad.Single => Store(address, 4, Leaf.FloatingPoint.SingleFormat.SingleFromDouble(register[1])),
            VsrLoad.Halfword => Store(address, 2, register[1]),
            VsrLoad.Byte => Store(address, 1, register[1]),
            _ => Store(address, 4, register[1]),
        };
    }

    public bool LoadVsrLength(int xt, TWord ea, TWord length, bool leftJustified)
    {
        int count = (int)Math.Min(16, length.Bits >> 56);
        UInt128 value = 0;
        for (int n = 0; n < count; n++)
        {
            if (!Load(Effective(ea + TWord.From((ulong)n)), 1, out ulong raw))
            {
                return false;
            }

            // In little-endian mode the first byte is the least significant, except that lxvll always counts from the left.
            int place = TMode.LittleEndian && !leftJustified ? n : 15 - n;
            value |= (UInt128)raw << (8 * place);
        }

        _s->Vsr[(2 * xt) + 1] = (ulong)(value >> 64);
        _s->Vsr[2 * xt] = (ulong)value;
        return true;
    }

    public bool StoreVsrLength(int xs, TWord ea, TWord length, bool leftJustified)
    {
        int count = (int)Math.Min(16, length.Bits >> 56);
        UInt128 value = new(_s->Vsr[(2 * xs) + 1], _s->Vsr[2 * xs]);
        for (int n = 0; n < count; n++)
        {
            int place = TMode.LittleEndian && !leftJustified ? n : 15 - n;
            if (!Store(Effective(ea + TWord.From((ulong)n)), 1, (byte)(value >> (8 * place))))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(Inline)] public readonly TWord VsrDoubleword(int vsr, int index) => TWord.From(_s->Vsr[(2 * vsr) + 1 - index]);

    [MethodImpl(Inline)] public readonly void SetVsrDoubleword(int vsr, int index, TWord value) => _s->Vsr[(2 * vsr) + 1 - index] = value.Bits;

    [MethodImpl(Inline)]
    private bool LoadQuad(ulong address, out Vector128<byte> value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address, write: false);
            if (((address + 15) & PageMask) != entry->Tag)
            {
                Unsafe.SkipInit(out value);
                return Miss();
            }

            Vector128<byte> raw = *(Vector128<byte>*)(entry->Addend + (nint)address);
            value = TMode.LittleEndian ? raw : ReverseBytes(raw);
            return true;
        }

        Unsafe.SkipInit(out value);
        if (!StorageAccess<TMode>.LoadQuad(_s, _i, address, out ulong high, out ulong low))
        {
            return Stop();
        }

        value = Vector128.Create(low, high).AsByte();
        return true;
    }

    [MethodImpl(Inline)]
    private bool StoreQuad(ulong address, Vector128<byte> value)
    {
        if (TPath.IsFast)
        {
            TlbEntry* entry = Entry(address, write: true);
            if (((address + 15) & PageMask) != entry->Tag)
            {
                return Miss();
            }

            *(Vector128<byte>*)(entry->Addend + (nint)address) = TMode.LittleEndian ? value : ReverseBytes(value);
            return true;
        }

        return StorageAccess<TMode>.StoreQuad(_s, _i, address, value.AsUInt64()[1], value.AsUInt64()[0]) || Stop();
    }

    /// <summary>Two doublewords at rising addresses, neither register half written unless both could be read.</summary>
    [MethodImpl(Inline)]
    private bool LoadPair(ulong address, out ulong first, out ulong second)
    {
        first = second = 0;
        if (!LoadQuad(address, out Vector128<byte> raw))
        {
            return false;
        }

        Vector128<ulong> halves = raw.AsUInt64();
        first = halves[TMode.LittleEndian ? 0 : 1];
        second = halves[TMode.LittleEndian ? 1 : 0];
        return true;
    }

    [MethodImpl(Inline)]
    private bool StorePair(ulong address, ulong first, ulong second) =>
        StoreQuad(address, (TMode.LittleEndian ? Vector128.Create(first, second) : Vector128.Create(second, first)).AsByte());

    /// <summary>Elements always stand in big-endian element order; in little-endian mode each is byte-reversed by itself.</summary>
    [MethodImpl(Inline)]
    private bool LoadElements(ulong address, int size, ulong* register)
    {
        if (!LoadQuad(address, out Vector128<byte> raw))
        {
            return false;
        }

        *(Vector128<byte>*)register = TMode.LittleEndian ? ReverseElements(raw, size) : raw;
        return true;
    }

    [MethodImpl(Inline)]
    private bool StoreElements(ulong address, int size, ulong* register) =>
        StoreQuad(address, TMode.LittleEndian ? ReverseElements(*(Vector128<byte>*)register, size) : *(Vector128<byte>*)register);

    /// <summary>Turns the order of the elements around, but not the bytes within each.</summary>
    [MethodImpl(Inline)]
    private static Vector128<byte> ReverseElements(Vector128<byte> value, int size) => size switch
    {
        1 => ReverseBytes(value),
        2 => Vector128.Shuffle(value.AsUInt16(), Vector128.Create((ushort)7, 6, 5, 4, 3, 2, 1, 0)).AsByte(),
        _ => Vector128.Shuffle(value.AsUInt32(), Vector128.Create(3u, 2, 1, 0)).AsByte(),
    };

    /// <summary>In the 74xx's little-endian mode the doublewords change places (AltiVec PEM 3.1.4).</summary>
    private bool LoadVrClassic(int vrt, ulong address)
    {
        ulong first = address | DoublewordSwap;
        if (!Load(first, 8, out ulong high) || !Load(first ^ 8, 8, out ulong low))
        {
            return false;
        }

        Vr(vrt) = Vector128.Create(low, high).AsByte();
        return true;
    }

    private bool StoreVrClassic(byte* register, ulong address)
    {
        ulong first = address | DoublewordSwap;
        return Store(first, 8, ((ulong*)register)[1]) && Store(first ^ 8, 8, ((ulong*)register)[0]);
    }

    /// <summary>8 in a 74xx's little-endian mode, which only the slow path meets.</summary>
    private readonly uint DoublewordSwap => !TMode.Is64 && !TPath.IsFast && (_s->Msr & MsrBits.Le) != 0 ? 8u : 0;

    /// <summary>Where in a register the element of an address lies; little-endian modes count from the other end (AltiVec PEM 6.2, lvebx).</summary>
    [MethodImpl(Inline)]
    private readonly int ElementOffset(ulong address, int size) =>
        TMode.LittleEndian || DoublewordSwap != 0 ? (int)(address & 15) : 16 - size - (int)(address & 15);

    [MethodImpl(Inline)]
    private static Vector128<byte> ReverseBytes(Vector128<byte> value) =>
        Vector128.Shuffle(value, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

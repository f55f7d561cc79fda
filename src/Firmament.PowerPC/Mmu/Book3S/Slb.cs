using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Firmament.Core.State;

namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// The segment lookaside buffer: 32 segments of 256 MiB or 1 TiB, each with its virtual segment ID, keys and base page size. Software
/// keeps it. Source: Power ISA 2.07B Book III-S 5.7.5, 5.9.3.1; 3.0B Book III 5.7.8, 5.9.3.2.
/// </summary>
/// <remarks>
/// Entries are kept as slbmte has them. ESID doubleword: ESID in bits 0:35, V 0x0800_0000. VSID doubleword: B in bits 0:1, VSID from
/// bit 2, Ks 0x800, Kp 0x400, N 0x200, L 0x100, C 0x80, LP 0x30.
/// Two valid entries for one address are a software error that would be a machine check; here the lower one counts.
/// The CPU forgets its translations after each method that changes something.
/// </remarks>
internal sealed class Slb : IStateful
{
    /// <summary>Entries, as `slb-size` of the device tree says.</summary>
    public const int Entries = 32;

    /// <summary>ESID doubleword: the entry is valid.</summary>
    public const ulong Valid = 0x0800_0000;

    /// <summary>VSID doubleword: key in supervisor state.</summary>
    public const ulong SupervisorKey = 0x800;

    /// <summary>VSID doubleword: key in problem state.</summary>
    public const ulong ProblemKey = 0x400;

    /// <summary>VSID doubleword: no instruction may be fetched from the segment.</summary>
    public const ulong NoExecute = 0x200;

    /// <summary>VSID doubleword: class.</summary>
    public const ulong Class = 0x80;

    /// <summary>VSID doubleword: segment size field B = 01, 1 TiB.</summary>
    public const ulong Terabyte = 0x4000_0000_0000_0000;

    private const ulong EsidMask = 0xffff_ffff_f000_0000;
    private const ulong EsidMaskTerabyte = 0xffff_ff00_0000_0000;
    private const ulong SizeMask = 0xc000_0000_0000_0000;

    // Bits that exist: B, VSID, Ks, Kp, N, L, C, LP.
    private const ulong Implemented = 0xffff_ffff_ffff_ffb0;

    // No address masked by either size gives it.
    private const ulong NoTag = 1;

    private readonly ulong[] _esids = new ulong[Entries];
    private readonly ulong[] _segments = new ulong[Entries];

    // What a search needs: an address belongs to entry n when address & _masks[n] equals _tags[n].
    private readonly ulong[] _tags = new ulong[Entries];
    private readonly ulong[] _masks = new ulong[Entries];

    /// <summary>Creates an SLB without valid entries.</summary>
    public Slb() => DeriveAll();

    /// <summary>slbmte: writes the entry that RB's low 12 bits number.</summary>
    /// <param name="rs">VSID doubleword.</param>
    /// <param name="rb">ESID doubleword and index.</param>
    /// <returns>False, with nothing changed, for an index, segment size or page size there is none of.</returns>
    public bool TryWrite(ulong rs, ulong rb)
    {
        ulong index = rb & 0xfff;
        if (index >= Entries || (rs & SizeMask) > Terabyte || HashPageSizes.BaseShift(rs) == 0)
        {
            return false;
        }

        _esids[index] = rb & (EsidMask | Valid);
        _segments[index] = rs & Implemented;
        Derive((int)index);
        return true;
    }

    /// <summary>slbmfee: the ESID doubleword of the entry that RB numbers; 0 where it is not valid or not there.</summary>
    public ulong ReadEsid(ulong rb) => IsValid(rb & 0xfff) ? _esids[rb & 0xfff] : 0;

    /// <summary>slbmfev: the VSID doubleword of the entry that RB numbers; 0 where it is not valid or not there.</summary>
    public ulong ReadSegment(ulong rb) => IsValid(rb & 0xfff) ? _segments[rb & 0xfff] : 0;

    /// <summary>slbfee., and the first step of a translation: the VSID doubleword of the segment an address is in.</summary>
    public bool TryFind(ulong ea, out ulong segment)
    {
        Vector256<ulong> address = Vector256.Create(ea);
        ref ulong tags = ref MemoryMarshal.GetArrayDataReference(_tags);
        ref ulong masks = ref MemoryMarshal.GetArrayDataReference(_masks);
        for (nuint n = 0; n < Entries; n += 4)
        {
            Vector256<ulong> same = Vector256.Equals(address & Vector256.LoadUnsafe(ref masks, n), Vector256.LoadUnsafe(ref tags, n));
            uint hits = same.ExtractMostSignificantBits();
            if (hits != 0)
            {
                segment = _segments[(int)n + BitOperations.TrailingZeroCount(hits)];
                return true;
            }
        }

        segment = 0;
        return false;
    }

    /// <summary>slbie, and what slbieg does on each CPU: invalidates the entry for RB's ESID, whichever its class and size are.</summary>
    public void Invalidate(ulong rb)
    {
        // Class and size in RB must be those of the entry, else the result is undefined (3.0B 5.9.3.2); the address alone decides.
        for (int n = 0; n < Entries; n++)
        {
            if ((rb & EsidMask & _masks[n]) == _tags[n])
            {
                Drop(n);
            }
        }
    }

    /// <summary>slbia.</summary>
    /// <param name="hint">
    /// IH. ISA 2.07: all but entry 0, whatever it is. ISA 3.0: 3 all of class 1, 4 all, 7 none (lookaside information only), else all but
    /// entry 0.
    /// </param>
    /// <param name="isa300">The CPU follows ISA 3.0.</param>
    public void InvalidateAll(int hint, bool isa300)
    {
        if (isa300 && hint == 7)
        {
            return;
        }

        bool classOneOnly = isa300 && hint == 3;
        for (int n = isa300 && hint is 3 or 4 ? 0 : 1; n < Entries; n++)
        {
            if (!classOneOnly || (_segments[n] & Class) != 0)
            {
                Drop(n);
            }
        }
    }

    /// <summary>Reset: no entry is valid.</summary>
    public void Reset()
    {
        Array.Clear(_esids);
        Array.Clear(_segments);
        DeriveAll();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("esids", MemoryMarshal.AsBytes(_esids.AsSpan()));
        state.Bytes("segments", MemoryMarshal.AsBytes(_segments.AsSpan()));
        if (state.IsLoading)
        {
            DeriveAll();
        }
    }

    private bool IsValid(ulong index) => index < Entries && (_esids[index] & Valid) != 0;

    private void Drop(int index)
    {
        _esids[index] &= ~Valid;
        Derive(index);
    }

    private void DeriveAll()
    {
        for (int n = 0; n < Entries; n++)
        {
            Derive(n);
        }
    }

    private void Derive(int index)
    {
        ulong mask = (_segments[index] & Terabyte) != 0 ? EsidMaskTerabyte : EsidMask;
        _masks[index] = mask;
        _tags[index] = (_esids[index] & Valid) != 0 ? _esids[index] & mask : NoTag;
    }
}

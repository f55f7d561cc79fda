namespace Firmament.PowerPC.Mmu.Book3S;

/// <summary>
/// Page sizes of the hashed page table: the base sizes a segment can have, and the sizes of pages in it, each with its encoding.
/// Source: Power ISA 2.07B Book III-S 5.7.6, 5.7.7.1; the encodings are those of POWER8 and POWER9.
/// </summary>
/// <remarks>
/// A page's LP encoding takes the low bits of the real page number that its size leaves free: 4 bits for 64 KiB, 12 for 16 MiB.
/// <code>
/// base   L||LP   page    LP field
/// 4 K    0 00    4 K     (L = 0)
///                64 K    0x7 of 4 bits
///                16 M    0x38 of 12 bits
/// 64 K   1 01    64 K    0x1 of 4 bits
///                16 M    0x8 of 12 bits
/// 16 M   1 00    16 M    0x0 of 12 bits
/// </code>
/// Not modelled: 16 GiB pages; no partition here is offered them.
/// </remarks>
internal static class HashPageSizes
{
    /// <summary>log2 of the smallest page.</summary>
    public const int Shift4K = 12;

    /// <summary>log2 of 64 KiB.</summary>
    public const int Shift64K = 16;

    /// <summary>log2 of 16 MiB.</summary>
    public const int Shift16M = 24;

    /// <summary>Second doubleword of an entry: the low 4 bits of the real page number.</summary>
    private const ulong Low4 = 0xf000;

    /// <summary>The low 12 bits of the real page number.</summary>
    private const ulong Low12 = 0xff_f000;

    /// <summary>log2 of a segment's base page size; 0 for an L||LP encoding there is none for.</summary>
    /// <param name="segment">The VSID doubleword as slbmte has it: L is 0x100, LP 0x30.</param>
    public static int BaseShift(ulong segment) => (segment & 0x130) switch
    {
        0x000 => Shift4K,
        0x110 => Shift64K,
        0x100 => Shift16M,
        _ => 0,
    };

    /// <summary>log2 of the size of the page an entry maps in a segment of the given base size; 0 when the entry is not of that base size.</summary>
    public static int PageShift(int baseShift, ulong first, ulong second)
    {
        if ((first & HashedPageTable.Large) == 0)
        {
            return baseShift == Shift4K ? Shift4K : 0;
        }

        return baseShift switch
        {
            Shift4K => (second & Low4) == 0x7000 ? Shift64K : (second & Low12) == 0x3_8000 ? Shift16M : 0,
            Shift64K => (second & Low4) == 0x1000 ? Shift64K : (second & Low12) == 0x8000 ? Shift16M : 0,
            Shift16M => (second & Low12) == 0 ? Shift16M : 0,
            _ => 0,
        };
    }

    /// <summary>
    /// The sizes of an entry whose segment is not known; the encodings tell them apart. False for a bad encoding.
    /// </summary>
    public static bool TryDecode(ulong first, ulong second, out int baseShift, out int pageShift)
    {
        baseShift = Shift4K;
        pageShift = PageShift(Shift4K, first, second);
        if (pageShift == 0)
        {
            baseShift = Shift64K;
            pageShift = PageShift(Shift64K, first, second);
        }

        if (pageShift == 0)
        {
            baseShift = Shift16M;
            pageShift = PageShift(Shift16M, first, second);
        }

        return pageShift != 0;
    }
}

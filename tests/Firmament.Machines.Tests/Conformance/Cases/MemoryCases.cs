using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>claim and release, and the methods of the memory and MMU nodes.</summary>
internal static class MemoryCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('e', "Memory",
    [
        new("claim of a place", "claim", [0x1800000, 0x10000, 0], 1, "0 0x1800000", "6.3.2.4"),
        new("claim of it again", "claim", [0x1800000, 0x10000, 0], 1, "0 -1", "6.3.2.4"),
        new("claim across its end", "claim", [0x180f000, 8192, 0], 1, "0 -1", "6.3.2.4"),
        new("claim around it", "claim", [0x17ff000, 0x20000, 0], 1, "0 -1", "6.3.2.4"),
        new("claim behind it", "claim", [0x1810000, 4096, 0], 1, "0 0x1810000", "6.3.2.4"),
        new("release of its middle", "release", [0x1804000, 4096], 0, "0", "6.3.2.4"),
        new("claim of its middle", "claim", [0x1804000, 4096, 0], 1, "0 0x1804000", "6.3.2.4"),
        new("release of all of it", "release", [0x1800000, 0x11000], 0, "0", "6.3.2.4"),
        new("claim after release", "claim", [0x1800000, 0x11000, 0], 1, "0 0x1800000", "6.3.2.4"),
        new("release again", "release", [0x1800000, 0x11000], 0, "0", "6.3.2.4"),
        new("release of what is free", "release", [0x1800000, 0x11000], 0, "0", Unspecified),
        new("release of nowhere", "release", [Nowhere, 4096], 0, "0", Unspecified),
        new("release of nothing", "release", [0x1800000, 0], 0, "0", Unspecified),
        new("claim anywhere", "claim", [0, 4096, 4096], 1, "0 +", "6.3.2.4") { Save = "claimed" },
        new("release of that", "release", [Saved("claimed"), 4096], 0, "0", "6.3.2.4"),
        new("claim with alignment 1", "claim", [0, 256, 1], 1, "0 +", "6.3.2.4"),
        new("claim with alignment 3", "claim", [0, 4096, 3], 1, "0 +", "6.3.2.4"),
        new("claim with alignment 1 MiB", "claim", [0, 4096, 0x100000], 1, "0 +", "6.3.2.4"),
        new("claim ignores virt when aligned", "claim", [Nowhere, 4096, 4096], 1, "0 +", "6.3.2.4"),
        new("claim with alignment 2 GiB", "claim", [0, 4096, 0x80000000], 1, "0 -1", "6.3.2.4"),
        new("claim of 2 GiB", "claim", [0, 0x7fff0000, 4096], 1, "0 -1", "6.3.2.4"),
        new("claim of 4 GiB less a byte", "claim", [0, -1, 4096], 1, "0 -1", "6.3.2.4"),
        new("claim of nothing", "claim", [0x1900000, 0, 0], 1, "0 *", Unspecified),
        new("claim of nothing anywhere", "claim", [0, 0, 4096], 1, "0 *", Unspecified),
        new("claim of three bytes", "claim", [0x1900001, 3, 0], 1, "0 0x1900001", "6.3.2.4"),
        new("claim behind RAM", "claim", [Nowhere, 4096, 0], 1, "0 -1", "6.3.2.4"),
        new("claim across the end of RAM", "claim", [End - 0x1000, 8192, 0], 1, "0 -1", "6.3.2.4"),
        new("claim across 4 GiB", "claim", [0xfffff000, 8192, 0], 1, "0 -1", "6.3.2.4"),
        new("ihandle of memory", "getprop", [Saved("chosen"), "memory", AddressOf("memory-i"), 4], 1, "0 4", "3.5"),
        new("memory claim", "call-method", ["claim", Saved("memory-i"), 4096, 4096], 2, "0 0 +", "3.7.6") { Save = "physical", SaveResult = 1 },
        new("memory release", "call-method", ["release", Saved("memory-i"), 4096, Saved("physical")], 1, "0 0", "3.7.6"),
        new("memory claim of a place", "call-method", ["claim", Saved("memory-i"), 0, 4096, 0x1a00000], 2, "0 0 0x1a00000", "3.7.6"),
        new("memory claim of it again", "call-method", ["claim", Saved("memory-i"), 0, 4096, 0x1a00000], 2, "0 !0", "3.7.6"),
        new("memory claim of 2 GiB", "call-method", ["claim", Saved("memory-i"), 4096, 0x7fff0000], 2, "0 !0", "3.7.6"),
        new("memory claim without cells", "call-method", ["claim", Saved("memory-i")], 2, "0 !0", Unspecified),
        new("memory release of it", "call-method", ["release", Saved("memory-i"), 4096, 0x1a00000], 1, "0 0", "3.7.6"),
        new("ihandle of the MMU", "getprop", [Saved("chosen"), "mmu", AddressOf("mmu"), 4], 1, "0 4", "3.5"),
        new("mmu claim of a place", "call-method", ["claim", Saved("mmu"), 0, 4096, 0x1b00000], 2, "0 0 0x1b00000", "3.6.5"),
        new("mmu claim of it again", "call-method", ["claim", Saved("mmu"), 0, 4096, 0x1b00000], 2, "0 !0", "3.6.5"),
        new("mmu map", "call-method", ["map", Saved("mmu"), 18, 4096, 0x1b00000, 0x1b00000], 1, "0 0", "3.6.5"),
        new("mmu map with mode -1", "call-method", ["map", Saved("mmu"), -1, 4096, 0x1b00000, 0x1b00000], 1, "0 0", "3.6.5"),
        new("mmu translate", "call-method", ["translate", Saved("mmu"), 0x1b00000], 4, "0 0 -1 * 0x1b00000", "3.6.5"),
        new("mmu modify", "call-method", ["modify", Saved("mmu"), 18, 4096, 0x1b00000], 1, "0 0", "3.6.5"),
        new("mmu unmap", "call-method", ["unmap", Saved("mmu"), 4096, 0x1b00000], 1, "0 0", "3.6.5"),
        new("mmu release", "call-method", ["release", Saved("mmu"), 4096, 0x1b00000], 1, "0 0", "3.6.5"),
        new("mmu claim anywhere", "call-method", ["claim", Saved("mmu"), 4096, 4096], 2, "0 0 h", "3.6.5"),
        new("mmu map without cells", "call-method", ["map", Saved("mmu")], 1, "0 !0", Unspecified),
    ]);
}

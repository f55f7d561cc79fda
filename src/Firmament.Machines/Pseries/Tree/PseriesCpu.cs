using Firmament.Firmware.Architecture;

namespace Firmament.Machines.Pseries.Tree;

/// <summary>A CPU as the device tree describes it (LoPAPR 1.1 C.6.3; values compared with QEMU's tree).</summary>
internal sealed record PseriesCpu
{
    // `ibm,pa-features`: bytes that follow, attribute 0, then the bits of LoPAPR 1.1 table 236 and its additions in PAPR+.
    private static readonly byte[] Features207 =
    [
        24, 0, 0xf6, 0x3f, 0xc7, 0xc0, 0x80, 0xf0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0, 0,
    ];

    private static readonly byte[] Features300 =
    [
        66, 0, 0xf6, 0x3f, 0xc7, 0xc0, 0x80, 0xf0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0, 0, 0x80, 0, 0x80, 0, 0x80, 0,
        0x80, 0, 0x80, 0, 0xc0, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,
        0x80, 0, 0, 0,
    ];

    // Byte 40 bit 0: radix translation.
    private const int RadixFeature = 2 + 40;

    /// <summary>POWER8.</summary>
    public static PseriesCpu Power8 { get; } = new() { Name = "POWER8", Pvr = 0x4d0200, Level = LogicalPvr.Isa207 };

    /// <summary>POWER9.</summary>
    public static PseriesCpu Power9 { get; } = new() { Name = "POWER9", Pvr = 0x4e1200, Level = LogicalPvr.Isa300, DecrementerBits = 56 };

    /// <summary>As in the node's name, `PowerPC,POWER9`.</summary>
    public required string Name { get; init; }

    /// <summary>Its processor version register.</summary>
    public required uint Pvr { get; init; }

    /// <summary>The level of the architecture it is, a <see cref="LogicalPvr"/> value.</summary>
    public required uint Level { get; init; }

    /// <summary>Bits of its large decrementer; 0 for the 32 bits that need not be said.</summary>
    public uint DecrementerBits { get; init; }

    /// <summary>True when it has radix translation.</summary>
    public bool HasRadix => LogicalPvr.IsAtLeast(Level, LogicalPvr.Isa300);

    /// <summary>`ibm,pa-features` of a CPU that runs at <paramref name="level"/>.</summary>
    /// <param name="level">A <see cref="LogicalPvr"/> value, 0 for the CPU's own.</param>
    /// <param name="showsRadix">False hides radix from a client that does not know Power ISA 3.0.</param>
    public byte[] Features(uint level, bool showsRadix)
    {
        byte[] features = (byte[])(LogicalPvr.IsAtLeast(level == 0 ? Level : level, LogicalPvr.Isa300) ? Features300 : Features207).Clone();
        if (!showsRadix && features.Length > RadixFeature)
        {
            features[RadixFeature] &= 0x7f;
        }

        return features;
    }
}

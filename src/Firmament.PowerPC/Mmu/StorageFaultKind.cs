namespace Firmament.PowerPC.Mmu;

/// <summary>Which interrupt a failed translation raises.</summary>
internal enum StorageFaultKind
{
    /// <summary>Data or instruction storage interrupt: 0x300, 0x400.</summary>
    Storage,

    /// <summary>Data or instruction segment interrupt: 0x380, 0x480.</summary>
    Segment,
}

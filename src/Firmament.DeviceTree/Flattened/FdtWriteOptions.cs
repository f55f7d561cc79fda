namespace Firmament.DeviceTree.Flattened;

/// <summary>How a tree is flattened.</summary>
public sealed class FdtWriteOptions
{
    /// <summary>Memory reservations, none unless set. An entry of two zeros would end the list and is left out.</summary>
    public IReadOnlyList<FdtReservation> Reservations { get; init; } = [];

    /// <summary>Physical id of the CPU that boots, 0 unless set.</summary>
    public uint BootCpu { get; init; }

    /// <summary>What to write for phandles; <see cref="FdtPhandles.AsStored"/> unless set.</summary>
    public FdtPhandles Phandles { get; init; }

    /// <summary>Leaves out <c>name</c> properties that repeat the node's name, which the format makes redundant. False unless set.</summary>
    public bool OmitRedundantNames { get; init; }

    /// <summary>Zero bytes of free space to add at the end, counted in the total size. 0 unless set.</summary>
    public int FreeSpace { get; init; }

    /// <summary>The layout of the blob the tree was read from, to be followed as far as the tree still fits it. Null for the usual one.</summary>
    public FdtLayout? Layout { get; init; }
}

namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>The first file allocation table.</summary>
internal sealed class FatTable(VolumeReader reader, FatGeometry geometry)
{
    public FatGeometry Geometry { get; } = geometry;

    /// <summary>The cluster after another; 0 at the end of a chain and where it is broken.</summary>
    public uint Next(uint cluster)
    {
        if (!Geometry.IsCluster(cluster))
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[4];
        bytes.Clear();
        long at = (long)cluster * Geometry.Bits / 8;
        if (!reader.TryReadStructure(Geometry.TableOffset + at, bytes[..(Geometry.Bits == 32 ? 4 : 2)]))
        {
            return 0;
        }

        Fields fields = bytes;
        uint next = Geometry.Bits switch
        {
            12 => (uint)(cluster % 2 == 0 ? fields.Le16(0) & 0xfff : fields.Le16(0) >> 4),
            16 => fields.Le16(0),
            _ => fields.Le32(0) & 0x0fff_ffff,
        };
        return Geometry.IsCluster(next) ? next : 0;
    }
}

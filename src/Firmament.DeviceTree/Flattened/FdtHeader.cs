using System.Buffers.Binary;

namespace Firmament.DeviceTree.Flattened;

/// <summary>The header of a blob (Devicetree Specification v0.4, 5.2): ten big-endian words.</summary>
internal struct FdtHeader
{
    public const int Size = 40;
    public const uint Magic = 0xd00dfeed;
    public const uint CurrentVersion = 17;
    public const uint CurrentLastCompatible = 16;

    public const int MagicAt = 0;
    public const int TotalSizeAt = 4;
    public const int StructureOffsetAt = 8;
    public const int StringsOffsetAt = 12;
    public const int ReservationsOffsetAt = 16;
    public const int VersionAt = 20;
    public const int LastCompatibleAt = 24;
    public const int StringsSizeAt = 32;
    public const int StructureSizeAt = 36;

    public uint TotalSize;
    public uint StructureOffset;
    public uint StringsOffset;
    public uint ReservationsOffset;
    public uint Version;
    public uint LastCompatible;
    public uint BootCpu;
    public uint StringsSize;
    public uint StructureSize;

    public static FdtHeader Read(ReadOnlySpan<byte> blob) => new()
    {
        TotalSize = Word(blob, TotalSizeAt),
        StructureOffset = Word(blob, StructureOffsetAt),
        StringsOffset = Word(blob, StringsOffsetAt),
        ReservationsOffset = Word(blob, ReservationsOffsetAt),
        Version = Word(blob, VersionAt),
        LastCompatible = Word(blob, LastCompatibleAt),
        BootCpu = Word(blob, 28),
        StringsSize = Word(blob, StringsSizeAt),
        StructureSize = Word(blob, StructureSizeAt),
    };

    public readonly void Write(Span<byte> blob)
    {
        ReadOnlySpan<uint> words =
        [
            Magic, TotalSize, StructureOffset, StringsOffset, ReservationsOffset, Version, LastCompatible, BootCpu, StringsSize, StructureSize,
        ];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(blob[(i * 4)..], words[i]);
        }
    }

    public static uint Word(ReadOnlySpan<byte> blob, int offset) => BinaryPrimitives.ReadUInt32BigEndian(blob[offset..]);
}

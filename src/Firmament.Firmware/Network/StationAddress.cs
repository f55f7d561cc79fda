using System.Buffers.Binary;

namespace Firmament.Firmware.Network;

/// <summary>An Ethernet address as a number, the first byte the most significant of 48 bits.</summary>
internal readonly record struct StationAddress(ulong Value)
{
    public const int Length = 6;

    public static StationAddress Broadcast => new(0xffff_ffff_ffff);

    /// <summary>True for the broadcast and for multicasts.</summary>
    public bool IsGroup => ((Value >> 40) & 1) != 0;

    /// <summary>Reads the first six bytes.</summary>
    public static StationAddress From(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)Value);
    }
}

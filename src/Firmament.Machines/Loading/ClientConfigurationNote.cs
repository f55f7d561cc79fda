using System.Buffers.Binary;

namespace Firmament.Machines.Loading;

/// <summary>
/// The six words of the ELF note "PowerPC", type 0x1275, by which a client program asks Open Firmware for a mode and a place.
/// Source: PowerPC processor binding to IEEE 1275, 8.2.2. The word 0xffffffff expresses no wish.
/// </summary>
/// <param name="RealMode">0 = virtual mode, 0xffffffff = no wish, other = real mode.</param>
/// <param name="RealBase">Physical address of the firmware.</param>
/// <param name="RealSize">Bytes of the firmware.</param>
/// <param name="VirtBase">Effective address of the firmware.</param>
/// <param name="VirtSize">Bytes of effective address space for the firmware.</param>
/// <param name="LoadBase">Where PReP images and `load` put a program.</param>
public sealed record ClientConfigurationNote(uint RealMode, uint RealBase, uint RealSize, uint VirtBase, uint VirtSize, uint LoadBase)
{
    /// <summary>The note's type.</summary>
    public const uint NoteType = 0x1275;

    /// <summary>A word that expresses no wish.</summary>
    public const uint NoWish = 0xffff_ffff;

    internal static ClientConfigurationNote Parse(ReadOnlySpan<byte> words, bool isLittleEndian)
    {
        Span<uint> read = stackalloc uint[6];
        for (int i = 0; i < read.Length; i++)
        {
            ReadOnlySpan<byte> word = words[(4 * i)..];
            read[i] = isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(word) : BinaryPrimitives.ReadUInt32BigEndian(word);
        }

        return new(read[0], read[1], read[2], read[3], read[4], read[5]);
    }
}

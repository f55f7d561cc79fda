using System.Buffers.Binary;

namespace Firmament.Firmware.Forth.FCode;

/// <summary>
/// The images in a PCI expansion ROM (PCI Local Bus Specification 2.2, 6.3.1; PCI bus binding to IEEE 1275, 9). The one with code type 1 holds
/// FCode.
/// </summary>
public static class ExpansionRom
{
    private const int OpenFirmwareType = 1;
    private const int HeaderBytes = 0x1c;
    private const int StructureBytes = 0x18;
    private const int Unit = 512;

    /// <summary>The FCode program in a ROM. False when the ROM has none, or is damaged.</summary>
    /// <param name="rom">The ROM's bytes.</param>
    /// <param name="fcode">From its first token to the end of its image.</param>
    public static bool TryFindFCode(ReadOnlyMemory<byte> rom, out ReadOnlyMemory<byte> fcode)
    {
        fcode = default;
        int image = 0;
        while (image + HeaderBytes <= rom.Length && BinaryPrimitives.ReadUInt16LittleEndian(rom.Span[image..]) == 0xaa55)
        {
            ReadOnlySpan<byte> bytes = rom.Span[image..];
            int structure = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x18..]);
            if (structure + StructureBytes > bytes.Length || !bytes.Slice(structure, 4).SequenceEqual("PCIR"u8))
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(structure + 0x10)..]) * Unit;
            if (length == 0)
            {
                return false;
            }

            length = Math.Min(length, bytes.Length);
            if (bytes[structure + 0x14] == OpenFirmwareType)
            {
                int program = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
                bool ok = program >= HeaderBytes && program < length;
                fcode = ok ? rom.Slice(image + program, length - program) : default;
                return ok;
            }

            bool isLast = (bytes[structure + 0x15] & 0x80) != 0;
            if (isLast)
            {
                return false;
            }

            image += length;
        }

        return false;
    }
}

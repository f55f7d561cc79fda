using System.Text;
using Firmament.Core;

namespace Firmament.Machines.Loading;

/// <summary>
/// The headers of an ELF executable: what kind it is, its loadable segments, where it starts, and the wishes it has for Open Firmware.
/// </summary>
/// <remarks>
/// Source: System V ABI, chapter 4, and its PowerPC supplement. Only the ELF header, the program headers and the notes are read;
/// section headers and symbols are <see cref="ElfSymbols"/>'s. Every offset and length is checked against the file before it is used.
/// </remarks>
public sealed class ElfImage
{
    /// <summary>e_machine of 32-bit PowerPC.</summary>
    public const ushort MachinePowerPC = 20;

    /// <summary>e_machine of 64-bit PowerPC.</summary>
    public const ushort MachinePowerPC64 = 21;

    private const int MostNoteBytes = 64 * 1024;

    private ElfImage(string name, bool is64Bit, bool isLittleEndian, ushort machine)
    {
        Name = name;
        Is64Bit = is64Bit;
        IsLittleEndian = isLittleEndian;
        Machine = machine;
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>True for ELFCLASS64.</summary>
    public bool Is64Bit { get; }

    /// <summary>True for ELFDATA2LSB.</summary>
    public bool IsLittleEndian { get; }

    /// <summary>e_machine.</summary>
    public ushort Machine { get; }

    /// <summary>True for ET_DYN: linked for no address of its own, it relocates itself to where it lies.</summary>
    public bool IsPositionIndependent { get; private init; }

    /// <summary>e_entry as the file has it: a virtual address.</summary>
    public ulong Entry { get; private set; }

    /// <summary>Segments that occupy memory, by ascending physical address; they do not overlap.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; private set; } = [];

    /// <summary>What the client asks of Open Firmware, or null when it has no such note.</summary>
    public ClientConfigurationNote? ClientConfiguration { get; private set; }

    /// <summary>The lowest physical address it is loaded at.</summary>
    public ulong Start => Segments[0].PhysicalAddress;

    /// <summary>The first physical address after everything it is loaded at.</summary>
    public ulong End => Segments[^1].End;

    /// <summary>
    /// The physical address of the entry point: e_entry moved by p_paddr − p_vaddr of the segment that holds it.
    /// A linker script that gives e_entry as a physical address is taken at its word.
    /// </summary>
    public ulong PhysicalEntry
    {
        get
        {
            foreach (ElfSegment segment in Segments)
            {
                if (Entry - segment.VirtualAddress < segment.MemorySize)
                {
                    return segment.PhysicalAddress + (Entry - segment.VirtualAddress);
                }
            }

            return Entry;
        }
    }

    /// <summary>Reads the headers of an ELF file.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="file">The whole file.</param>
    /// <exception cref="UserErrorException">The file is not an ELF executable, or is truncated or malformed.</exception>
    public static ElfImage Read(string name, ReadOnlyMemory<byte> file)
    {
        ElfReader reader = new(name, file);
        if (!file.Span.StartsWith("\u007fELF"u8))
        {
            throw new UserErrorException(NotElf(name, file.Span));
        }

        ReadOnlySpan<byte> identification = reader.Read(0, 16, "its identification");

        (byte elfClass, byte order) = (identification[4], identification[5]);
        if (elfClass is not (1 or 2) || order is not (1 or 2))
        {
            throw new UserErrorException($"'{name}' is damaged: its ELF header has class {elfClass} and byte order {order}, where each must be 1 or 2.");
        }

        reader.IsLittleEndian = order == 1;
        reader.Is64Bit = elfClass == 2;
        ReadOnlySpan<byte> header = reader.Read(0, reader.Is64Bit ? 64 : 52, "its ELF header");
        ushort type = reader.UInt16(header[16..]);
        if (type is not (2 or 3))
        {
            string kind = type switch { 1 => "an object file", 4 => "a core dump", _ => $"an ELF file of type {type}" };
            throw new UserErrorException($"'{name}' is {kind}, not an executable; give the linked kernel (vmlinux or zImage).");
        }

        ElfImage image = new(name, reader.Is64Bit, reader.IsLittleEndian, reader.UInt16(header[18..])) { IsPositionIndependent = type == 3 };
        image.Entry = reader.Word(header[24..]);
        image.ReadProgramHeaders(
            reader,
            reader.Word(header[(reader.Is64Bit ? 32 : 28)..]),
            reader.UInt16(header[(reader.Is64Bit ? 54 : 42)..]),
            reader.UInt16(header[(reader.Is64Bit ? 56 : 44)..]));
        return image;
    }

    private static string NotElf(string name, ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => $"'{name}' is gzip-compressed; decompress it, or give the zImage that contains it.",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => $"'{name}' is xz-compressed; decompress it first.",
        [0x27, 0x05, 0x19, 0x56, ..] => $"'{name}' is a U-Boot image; give the vmlinux or zImage.chrp it was made from.",
        [0x01, 0xdf, ..] => $"'{name}' is an XCOFF image for old Macintosh firmware; give zImage.chrp.",
        _ => $"'{name}' is not an ELF file; give a kernel such as vmlinux or zImage.chrp.",
    };

    private void ReadProgramHeaders(ElfReader reader, ulong offset, ushort entrySize, ushort count)
    {
        int expected = Is64Bit ? 56 : 32;
        if (count == 0 || entrySize < expected || count == 0xffff)
        {
            throw new UserErrorException($"'{Name}' has nothing to load: {count} program headers of {entrySize} bytes; give a linked kernel.");
        }

        List<(uint Type, ElfSegment Segment, ulong PhysicalAddress)> headers = new(count);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = reader.Read(offset + ((ulong)i * entrySize), expected, "its program headers");
            headers.Add(Is64Bit
                ? (reader.UInt32(entry), new(reader.Word(entry[8..]), reader.Word(entry[32..]), reader.Word(entry[16..]), 0, reader.Word(entry[40..])),
                    reader.Word(entry[24..]))
                : (reader.UInt32(entry), new(reader.Word(entry[4..]), reader.Word(entry[16..]), reader.Word(entry[8..]), 0, reader.Word(entry[20..])),
                    reader.Word(entry[12..])));
        }

        const uint Load = 1;
        List<(uint Type, ElfSegment Segment, ulong PhysicalAddress)> loadable =
            [.. headers.Where(static header => header.Type == Load && header.Segment.MemorySize != 0)];
        // The ABI leaves p_paddr unspecified; a linker that leaves them all 0 means p_vaddr, unless the only segment belongs at 0.
        bool virtualAddresses = loadable.Count > 1 && loadable.TrueForAll(static header => header.PhysicalAddress == 0);
        Segments = [.. loadable
            .Select(header => header.Segment with { PhysicalAddress = virtualAddresses ? header.Segment.VirtualAddress : header.PhysicalAddress })
            .OrderBy(static segment => segment.PhysicalAddress)];
        CheckSegments(reader);
        const uint Note = 4;
        foreach ((uint _, ElfSegment note, ulong _) in headers.Where(static header => header.Type == Note))
        {
            ClientConfiguration ??= ReadNotes(reader, note.FileOffset, note.FileSize);
        }
    }

    private void CheckSegments(ElfReader reader)
    {
        if (Segments.Count == 0)
        {
            throw new UserErrorException($"'{Name}' has no loadable segment; give a linked kernel.");
        }

        ulong end = 0;
        foreach (ElfSegment segment in Segments)
        {
            if (segment.FileSize > segment.MemorySize || segment.PhysicalAddress + segment.MemorySize < segment.MemorySize)
            {
                throw new UserErrorException($"'{Name}' is damaged: the segment for 0x{segment.PhysicalAddress:x8} has an impossible size.");
            }

            if (segment.FileOffset > reader.Length || segment.FileSize > reader.Length - segment.FileOffset)
            {
                throw new UserErrorException(
                    $"'{Name}' is truncated: it has {reader.Length} bytes, but its segment for 0x{segment.PhysicalAddress:x8} " +
                    $"needs {segment.FileSize} bytes at offset {segment.FileOffset}; copy it again.");
            }

            if (segment.PhysicalAddress < end)
            {
                throw new UserErrorException($"'{Name}' is damaged: two segments overlap at 0x{segment.PhysicalAddress:x8}.");
            }

            end = segment.End;
        }
    }

    /// <summary>Looks for the PowerPC client configuration; damaged notes are skipped, for nothing depends on them.</summary>
    private static ClientConfigurationNote? ReadNotes(ElfReader reader, ulong offset, ulong size)
    {
        if (!reader.TryRead(offset, (int)Math.Min(size, MostNoteBytes), out ReadOnlySpan<byte> rest))
        {
            return null;
        }

        while (rest.Length >= 12)
        {
            (uint nameSize, uint dataSize, uint type) = (reader.UInt32(rest), reader.UInt32(rest[4..]), reader.UInt32(rest[8..]));
            long dataStart = 12 + (((long)nameSize + 3) & ~3L);
            long end = dataStart + (((long)dataSize + 3) & ~3L);
            if (dataStart + dataSize > rest.Length)
            {
                return null;
            }

            string name = Encoding.Latin1.GetString(rest.Slice(12, (int)nameSize)).TrimEnd('\0');
            if (type == ClientConfigurationNote.NoteType && name == "PowerPC" && dataSize >= 24)
            {
                return ClientConfigurationNote.Parse(rest.Slice((int)dataStart, 24), reader.IsLittleEndian);
            }

            rest = rest[(int)Math.Min(end, rest.Length)..];
        }

        return null;
    }
}

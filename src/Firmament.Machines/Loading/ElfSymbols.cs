using System.Text;
using Firmament.Core;
using Firmament.Machines.Profiling;

namespace Firmament.Machines.Loading;

/// <summary>Reads the functions of an ELF file's symbol table (.symtab).</summary>
/// <remarks>
/// Source: System V ABI, chapter 4; 64-bit PowerPC ELF ABI 1.9, section 3.2 for .opd, where a function's symbol names a descriptor whose first doubleword is
/// the code's address.
/// </remarks>
internal static class ElfSymbols
{
    private const uint SymbolTable = 2;
    private const uint RelocatableType = 1;
    private const ulong Executable = 4;
    private const int FunctionType = 2;
    private const int NoType = 0;
    private const int MostName = 512;

    /// <summary>The functions; none when the file was stripped.</summary>
    /// <exception cref="UserErrorException">The file is truncated or damaged.</exception>
    public static List<Symbol> Read(string name, ReadOnlyMemory<byte> file)
    {
        ElfReader reader = new(name, file);
        ReadOnlySpan<byte> identification = reader.Read(0, 16, "its identification");
        reader.Is64Bit = identification[4] == 2;
        reader.IsLittleEndian = identification[5] == 1;
        ReadOnlySpan<byte> header = reader.Read(0, reader.Is64Bit ? 64 : 52, "its ELF header");
        List<Section> sections = ReadSections(
            reader,
            reader.Word(header[(reader.Is64Bit ? 40 : 32)..]),
            reader.UInt16(header[(reader.Is64Bit ? 58 : 46)..]),
            reader.UInt16(header[(reader.Is64Bit ? 60 : 48)..]));
        List<Symbol> symbols = [];
        // In an object file a symbol's value is an offset in its section.
        bool isLinked = reader.UInt16(header[16..]) != RelocatableType;
        foreach (Section table in sections.Where(table => isLinked && table.Type == SymbolTable && table.Link < (uint)sections.Count))
        {
            Collect(reader, table, sections, symbols);
        }

        return symbols;
    }

    private static List<Section> ReadSections(ElfReader reader, ulong offset, ushort entrySize, ushort count)
    {
        List<Section> sections = [];
        bool wide = reader.Is64Bit;
        for (int i = 0; i < count && entrySize >= (wide ? 64 : 40); i++)
        {
            ReadOnlySpan<byte> entry = reader.Read(offset + ((ulong)i * entrySize), wide ? 64 : 40, "its section headers");
            sections.Add(wide
                ? new(reader.UInt32(entry[4..]), reader.Word(entry[8..]), reader.Word(entry[16..]), reader.Word(entry[24..]), reader.Word(entry[32..]), reader.UInt32(entry[40..]))
                : new(reader.UInt32(entry[4..]), reader.UInt32(entry[8..]), reader.UInt32(entry[12..]), reader.UInt32(entry[16..]), reader.UInt32(entry[20..]), reader.UInt32(entry[24..])));
        }

        return sections;
    }

    private static void Collect(ElfReader reader, Section table, List<Section> sections, List<Symbol> symbols)
    {
        int size = reader.Is64Bit ? 24 : 16;
        Section names = sections[(int)table.Link];
        for (ulong at = 0; at + (ulong)size <= table.Size; at += (ulong)size)
        {
            ReadOnlySpan<byte> entry = reader.Read(table.Offset + at, size, "its symbol table");
            (byte info, ushort section, ulong value) = reader.Is64Bit
                ? (entry[4], reader.UInt16(entry[6..]), reader.Word(entry[8..]))
                : (entry[12], reader.UInt16(entry[14..]), reader.UInt32(entry[4..]));
            if ((info & 15) is not (FunctionType or NoType) || section == 0 || section >= sections.Count)
            {
                continue;
            }

            Section home = sections[section];
            bool isDescriptor = (home.Flags & Executable) == 0;
            if (isDescriptor && ((info & 15) != FunctionType || !TryReadDescriptor(reader, home, value, out value)))
            {
                continue;
            }

            string name = ReadName(reader, names, reader.UInt32(entry));
            if (name.Length != 0 && !name.StartsWith(".L", StringComparison.Ordinal) && name[0] != '$')
            {
                symbols.Add(new Symbol(value, isDescriptor ? name : name.TrimStart('.'), (info & 15) == FunctionType));
            }
        }
    }

    private static bool TryReadDescriptor(ElfReader reader, Section home, ulong value, out ulong code)
    {
        code = 0;
        bool ok = value >= home.Address && value - home.Address < home.Size && reader.TryRead(home.Offset + (value - home.Address), 8, out ReadOnlySpan<byte> bytes)
            && reader.Is64Bit && (code = reader.Word(bytes)) != 0;
        return ok;
    }

    private static string ReadName(ElfReader reader, Section names, uint offset)
    {
        ulong length = Math.Min(MostName, names.Size - Math.Min(offset, names.Size));
        if (!reader.TryRead(names.Offset + offset, (int)length, out ReadOnlySpan<byte> bytes))
        {
            return "";
        }

        int end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private readonly record struct Section(uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link);
}

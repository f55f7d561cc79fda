using System.Globalization;
using System.Text;
using Firmament.Core;
using Firmament.Machines.Configuration;
using Firmament.Machines.Loading;

namespace Firmament.Machines.Profiling;

/// <summary>The functions of a guest by address, from an ELF file's symbol table or a System.map.</summary>
public sealed class SymbolTable
{
    // What lies farther behind the last function than this is none of it.
    private const ulong LongestFunction = 1 << 20;

    private readonly ulong[] _addresses;
    private readonly string[] _names;
    private readonly ulong _linkBase;
    private readonly ulong _linkOffsets;

    private SymbolTable(List<Symbol> symbols)
    {
        Symbol[] ordered =
        [
            .. symbols.GroupBy(static symbol => symbol.Address).OrderBy(static group => group.Key)
                .Select(static group => group.OrderByDescending(static symbol => symbol.IsFunction).ThenBy(static symbol => symbol.Name.Length).ThenBy(static symbol => symbol.Name, StringComparer.Ordinal).First()),
        ];
        _addresses = [.. ordered.Select(static symbol => symbol.Address)];
        _names = [.. ordered.Select(static symbol => symbol.Name)];
        // Linux runs at 0xc0000000 or 0xc000000000000000, and until translation is on, and in its interrupt handlers, the same code at 0.
        ulong lowest = _addresses.Length == 0 ? 0 : _addresses[0];
        _linkOffsets = lowest > uint.MaxValue ? ulong.MaxValue >> 4 : uint.MaxValue >> 4;
        _linkBase = lowest & ~_linkOffsets;
    }

    /// <summary>A table that knows nothing.</summary>
    public static SymbolTable Empty { get; } = new([]);

    /// <summary>How many functions it knows.</summary>
    public int Count => _addresses.Length;

    /// <summary>Reads an ELF file's symbols or a System.map, whichever it is. A stripped ELF file gives an empty table.</summary>
    /// <param name="image">The file.</param>
    /// <param name="option">The option that named it, for messages.</param>
    /// <exception cref="UserErrorException">The file cannot be read, or is neither.</exception>
    public static SymbolTable Read(GuestImage image, string option)
    {
        ArgumentNullException.ThrowIfNull(image);
        ReadOnlyMemory<byte> file = image.Read(option);
        if (file.Span.StartsWith("\u007fELF"u8))
        {
            return new(ElfSymbols.Read(image.Name, file));
        }

        List<Symbol> symbols = ReadMap(file.Span);
        return symbols.Count != 0
            ? new(symbols)
            : throw new UserErrorException($"'{image.Name}' has no symbols; give {option} an ELF file that was not stripped, or a kernel's System.map.");
    }

    /// <summary>The function an address is in, or null. A low address, as real mode uses it, is one of the code linked above.</summary>
    public string? Find(ulong address)
    {
        int at = IndexOf(address);
        if (at < 0 && address <= _linkOffsets)
        {
            at = IndexOf(_linkBase | address);
        }

        return at < 0 ? null : _names[at];
    }

    private int IndexOf(ulong address)
    {
        int at = Array.BinarySearch(_addresses, address);
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && address - _addresses[at] < LongestFunction ? at : -1;
    }

    /// <summary>Lines of nm: address, kind, name. Kinds t, T, w and W are code.</summary>
    private static List<Symbol> ReadMap(ReadOnlySpan<byte> file)
    {
        List<Symbol> symbols = [];
        foreach (Range range in file.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = file[range].Trim((byte)' ').TrimEnd((byte)'\r');
            int space = line.IndexOf((byte)' ');
            if (space is >= 8 and <= 16 && line.Length > space + 3 && line[space + 2] == (byte)' ' && (line[space + 1] | 0x20) is (byte)'t' or (byte)'w'
                && ulong.TryParse(line[..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
            {
                string name = Encoding.Latin1.GetString(line[(space + 3)..]);
                int module = name.IndexOf('\t', StringComparison.Ordinal);
                symbols.Add(new Symbol(address, (module < 0 ? name : name[..module]).TrimStart('.'), IsFunction: true));
            }
        }

        return symbols;
    }
}

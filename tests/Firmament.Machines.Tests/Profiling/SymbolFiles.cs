using System.Buffers.Binary;
using System.Text;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Profiling;

/// <summary>Files with symbols, made by hand.</summary>
internal static class SymbolFiles
{
    /// <summary>A System.map.</summary>
    public static GuestImage Map(string text) => GuestImage.FromBytes("System.map", Encoding.ASCII.GetBytes(text));

    /// <summary>
    /// An ELF executable of four sections: code at <paramref name="codeAddress"/>, data (.opd, doublewords of <paramref name="descriptors"/>), symbols and their
    /// names. Section 1 of a symbol is the code, 2 the data.
    /// </summary>
    public static GuestImage Elf(bool wide, bool little, ulong codeAddress, ulong[] descriptors, params (string Name, ulong Value, byte Type, ushort Section)[] symbols)
    {
        Output file = new(little);
        int header = wide ? 64 : 52;
        int entry = wide ? 64 : 40;
        const int Sections = 5;
        int dataAt = header + (Sections * entry);
        int symbolsAt = dataAt + (8 * descriptors.Length);
        int symbolSize = wide ? 24 : 16;
        int namesAt = symbolsAt + (symbolSize * symbols.Length);
        StringBuilder names = new("\0");

        file.Bytes([0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(wide ? 2 : 1), (byte)(little ? 1 : 2), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.Number(2, 2);
        file.Number(2, (ulong)(wide ? 21 : 20));
        file.Number(4, 1);
        file.Number(wide ? 8 : 4, codeAddress);
        file.Number(wide ? 8 : 4, 0);
        file.Number(wide ? 8 : 4, (ulong)header);
        file.Number(4, 0);
        file.Number(2, (ulong)header);
        file.Number(2, 0);
        file.Number(2, 0);
        file.Number(2, (ulong)entry);
        file.Number(2, Sections);
        file.Number(2, 0);

        Section(0, 0, 0, 0, 0, 0);
        Section(1, 6, codeAddress, dataAt, 0x10000, 0);
        Section(1, 3, codeAddress + 0x100000, dataAt, 8 * descriptors.Length, 0);
        Section(2, 0, 0, symbolsAt, symbolSize * symbols.Length, 4);
        List<int> offsets = [];
        foreach ((string name, ulong _, byte _, ushort _) in symbols)
        {
            offsets.Add(names.Length);
            names.Append(name).Append('\0');
        }

        Section(3, 0, 0, namesAt, names.Length, 0);
        foreach (ulong descriptor in descriptors)
        {
            file.Number(8, descriptor);
        }

        for (int i = 0; i < symbols.Length; i++)
        {
            (string _, ulong value, byte type, ushort section) = symbols[i];
            file.Number(4, (ulong)offsets[i]);
            if (wide)
            {
                file.Bytes([type, 0]);
                file.Number(2, section);
                file.Number(8, value);
                file.Number(8, 0);
            }
            else
            {
                file.Number(4, value);
                file.Number(4, 0);
                file.Bytes([type, 0]);
                file.Number(2, section);
            }
        }

        file.Bytes(Encoding.ASCII.GetBytes(names.ToString()));
        return GuestImage.FromBytes("hand-made", file.All);

        void Section(uint type, ulong flags, ulong address, int offset, int size, uint link)
        {
            int word = wide ? 8 : 4;
            file.Number(4, 0);
            file.Number(4, type);
            file.Number(word, flags);
            file.Number(word, address);
            file.Number(word, (ulong)offset);
            file.Number(word, (ulong)size);
            file.Number(4, link);
            file.Number(4, 0);
            file.Number(word, 0);
            file.Number(word, 0);
        }
    }

    private sealed class Output(bool little)
    {
        private readonly List<byte> _bytes = [];

        public byte[] All => [.. _bytes];

        public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

        public void Number(int size, ulong value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes = bytes[..size];
            if (!little)
            {
                bytes.Reverse();
            }

            _bytes.AddRange(bytes);
        }
    }
}

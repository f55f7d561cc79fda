using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Demo;

/// <summary>The data of an assembled client: variables, and each string once.</summary>
/// <param name="origin">Where it is linked.</param>
internal sealed class ClientData(uint origin)
{
    private readonly Dictionary<string, uint> _texts = [];

    /// <summary>The bytes.</summary>
    public Assembler Bytes { get; } = new(origin);

    /// <summary>Zeroed, word-aligned bytes.</summary>
    public uint Reserve(int bytes)
    {
        Bytes.Align(4);
        uint address = Bytes.Here;
        Bytes.Bytes(new byte[bytes]);
        return address;
    }

    /// <summary>The address of a string.</summary>
    public uint Text(string text)
    {
        if (!_texts.TryGetValue(text, out uint address))
        {
            address = Bytes.Here;
            Bytes.Ascii(text);
            _texts.Add(text, address);
        }

        return address;
    }
}

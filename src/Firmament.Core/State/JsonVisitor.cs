using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Firmament.Core.Memory;

namespace Firmament.Core.State;

/// <summary>
/// Prints a state as one JSON object, to be read and compared: groups are objects, values numbers, blocks hexadecimal strings.
/// </summary>
/// <remarks>
/// Values above 2^53 − 1 are hexadecimal strings, because readers of JSON round them. Blocks above 4 KiB and RAM are given as size
/// and XXH3-128. A name that comes again in its group gets "#2", "#3" and so on.
/// </remarks>
public sealed class JsonVisitor : StateVisitor, IDisposable
{
    private const ulong LargestExact = (1UL << 53) - 1;
    private const int LargestShown = 4096;

    private readonly Utf8JsonWriter _json;
    private readonly Stack<Dictionary<string, int>> _names = new();

    /// <summary>Writes to <paramref name="stream"/>, which stays the caller's to close.</summary>
    public JsonVisitor(Stream stream)
    {
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        _names.Push([]);
        _json.WriteStartObject();
    }

    /// <inheritdoc/>
    public override int Begin(string name, int version)
    {
        _json.WriteStartObject(Unique(name));
        _names.Push([]);
        if (version != 1)
        {
            _json.WriteNumber(Unique("version"), version);
        }

        return version;
    }

    /// <inheritdoc/>
    public override void End()
    {
        _names.Pop();
        _json.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void Bytes(string name, Span<byte> bytes)
    {
        if (bytes.Length <= LargestShown)
        {
            _json.WriteString(Unique(name), Convert.ToHexStringLower(bytes));
            return;
        }

        WriteDigest(name, (ulong)bytes.Length, XxHash128.Hash(bytes));
    }

    /// <inheritdoc/>
    public override void Field(string name, ref ulong value)
    {
        if (value <= LargestExact)
        {
            _json.WriteNumber(Unique(name), value);
        }
        else
        {
            _json.WriteString(Unique(name), "0x" + value.ToString("x16", CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public override void Memory(string name, GuestMemory memory)
    {
        XxHash128 hash = new();
        for (ulong page = 0; page < memory.Size >> GuestMemory.PageShift; page++)
        {
            memory.TrySlice(new PhysicalAddress(page << GuestMemory.PageShift), GuestMemory.PageSize, out ReadOnlySpan<byte> bytes);
            hash.Append(bytes);
        }

        WriteDigest(name, memory.Size, hash.GetCurrentHash());
    }

    /// <summary>Ends the object and flushes it to the stream.</summary>
    public void Dispose()
    {
        if (_json.CurrentDepth == 1)
        {
            _json.WriteEndObject();
        }

        _json.Dispose();
    }

    private void WriteDigest(string name, ulong size, ReadOnlySpan<byte> hash)
    {
        _json.WriteStartObject(Unique(name));
        _json.WriteNumber("size", size);
        _json.WriteString("xxh3", Convert.ToHexStringLower(hash));
        _json.WriteEndObject();
    }

    private string Unique(string name)
    {
        Dictionary<string, int> names = _names.Peek();
        int count = names[name] = names.GetValueOrDefault(name) + 1;
        return count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{count}");
    }
}

using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Firmament.Core.Memory;

namespace Firmament.Core.State;

/// <summary>Writes a component's state to a stream. Ends with <see cref="Complete"/>; without it the state cannot be loaded.</summary>
/// <example><code>
/// SaveVisitor save = new(stream);
/// save.Component("machine", machine);
/// save.Complete();
/// </code></example>
public sealed class SaveVisitor : StateVisitor
{
    private readonly Stream _stream;
    private readonly XxHash128 _checksum = new();
    private int _depth;

    /// <summary>Writes to <paramref name="stream"/>, which stays the caller's to flush and close. Many small writes: buffer a file.</summary>
    public SaveVisitor(Stream stream)
    {
        _stream = stream;
        Write(StateFormat.Signature);
    }

    /// <inheritdoc/>
    public override int Begin(string name, int version)
    {
        Record(StateFormat.Begin, name);
        Write32((uint)version);
        _depth++;
        return version;
    }

    /// <inheritdoc/>
    public override void End()
    {
        Record(StateFormat.End, "");
        _depth--;
    }

    /// <inheritdoc/>
    public override void Bytes(string name, Span<byte> bytes)
    {
        Record(StateFormat.Block, name);
        Write32((uint)bytes.Length);
        Write(bytes);
    }

    /// <inheritdoc/>
    public override void Field(string name, ref ulong value)
    {
        Record(StateFormat.Value, name);
        Write64(value);
    }

    /// <inheritdoc/>
    public override void Memory(string name, GuestMemory memory)
    {
        Record(StateFormat.Memory, name);
        Write64(memory.Size);
        for (ulong page = 0; page < memory.Size >> GuestMemory.PageShift; page++)
        {
            memory.TrySlice(new PhysicalAddress(page << GuestMemory.PageShift), GuestMemory.PageSize, out ReadOnlySpan<byte> bytes);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                Write64(page);
                Write(bytes);
            }
        }

        Write64(StateFormat.NoPage);
    }

    /// <summary>Writes the end and the checksum. Every group must be closed.</summary>
    public void Complete()
    {
        if (_depth != 0)
        {
            throw new InvalidOperationException("a group of the saved state is still open");
        }

        Record(StateFormat.Trailer, "");
        _stream.Write(_checksum.GetCurrentHash());
    }

    private void Record(byte kind, string name)
    {
        Span<byte> header = stackalloc byte[2 + StateFormat.LongestName];
        if (!Encoding.UTF8.TryGetBytes(name, header[2..], out int length))
        {
            throw new ArgumentException($"the field name '{name}' is longer than {StateFormat.LongestName} bytes", nameof(name));
        }

        header[0] = kind;
        header[1] = (byte)length;
        Write(header[..(2 + length)]);
    }

    private void Write32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(bytes);
    }

    private void Write64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(bytes);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _checksum.Append(bytes);
        _stream.Write(bytes);
    }
}

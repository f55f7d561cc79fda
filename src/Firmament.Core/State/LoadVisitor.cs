using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Firmament.Core.Memory;

namespace Firmament.Core.State;

/// <summary>Writes a state that <see cref="SaveVisitor"/> saved back into components of the same build and configuration.</summary>
/// <remarks>
/// Every method throws <see cref="StateFormatException"/> when the next record is not what the component asks for, or the stream ends.
/// A group saved with an older version is the component's to understand; one saved with a newer version is refused.
/// </remarks>
public sealed class LoadVisitor : StateVisitor
{
    private readonly Stream _stream;
    private readonly XxHash128 _checksum = new();
    private readonly Stack<string> _groups = new();

    /// <summary>Reads from <paramref name="stream"/>, which stays the caller's to close. Many small reads: buffer a file.</summary>
    /// <exception cref="StateFormatException">The stream has no saved state, or one of another format.</exception>
    public LoadVisitor(Stream stream)
    {
        _stream = stream;
        Span<byte> signature = stackalloc byte[StateFormat.Signature.Length];
        if (_stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) < signature.Length
            || !signature.SequenceEqual(StateFormat.Signature))
        {
            throw new StateFormatException("", "it does not begin as a state saved by this version does");
        }

        _checksum.Append(signature);
    }

    /// <inheritdoc/>
    public override bool IsLoading => true;

    /// <inheritdoc/>
    public override int Begin(string name, int version)
    {
        Expect(StateFormat.Begin, name);
        int found = (int)Read32(name);
        _groups.Push(name);
        return found <= version ? found : throw Error("", $"it has version {found}, and this program knows versions up to {version}");
    }

    /// <inheritdoc/>
    public override void End()
    {
        Expect(StateFormat.End, "");
        _groups.Pop();
    }

    /// <inheritdoc/>
    public override void Bytes(string name, Span<byte> bytes)
    {
        Expect(StateFormat.Block, name);
        uint length = Read32(name);
        if (length != (uint)bytes.Length)
        {
            throw Error(name, $"it has {length} bytes where the machine has {bytes.Length}");
        }

        Read(bytes, name);
    }

    /// <inheritdoc/>
    public override void Field(string name, ref ulong value)
    {
        Expect(StateFormat.Value, name);
        value = Read64(name);
    }

    /// <inheritdoc/>
    public override void Memory(string name, GuestMemory memory)
    {
        Expect(StateFormat.Memory, name);
        ulong size = Read64(name);
        if (size != memory.Size)
        {
            throw Error(name, $"it has {size} bytes of memory where the machine has {memory.Size}");
        }

        memory.Clear();
        Span<byte> bytes = stackalloc byte[GuestMemory.PageSize];
        for (ulong page = Read64(name); page != StateFormat.NoPage; page = Read64(name))
        {
            Read(bytes, name);
            if (page >= size >> GuestMemory.PageShift || !memory.TryWrite(new PhysicalAddress(page << GuestMemory.PageShift), bytes))
            {
                throw Error(name, $"page 0x{page:x} is outside the memory");
            }
        }
    }

    /// <summary>Checks that the state ends here, and that it is the one that was written.</summary>
    /// <exception cref="StateFormatException">There is more, or the bytes changed since they were saved.</exception>
    public void Complete()
    {
        Expect(StateFormat.Trailer, "");
        byte[] expected = _checksum.GetCurrentHash();
        Span<byte> found = stackalloc byte[StateFormat.ChecksumBytes];
        Read(found, "");
        if (!found.SequenceEqual(expected))
        {
            throw new StateFormatException("", "its checksum is wrong, so it changed since it was saved");
        }
    }

    private void Expect(byte kind, string name)
    {
        Span<byte> header = stackalloc byte[2];
        Read(header, name);
        Span<byte> nameBytes = stackalloc byte[header[1]];
        Read(nameBytes, name);
        string found = Encoding.UTF8.GetString(nameBytes);
        if (header[0] != kind || found != name)
        {
            throw Error(name, $"it has {Describe(header[0], found)} where the machine has {Describe(kind, name)}");
        }
    }

    private static string Describe(byte kind, string name) =>
        StateFormat.NameOf(kind) + (name.Length == 0 ? "" : $" '{name}'");

    private uint Read32(string name)
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes, name);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private ulong Read64(string name)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes, name);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void Read(Span<byte> bytes, string name)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Error(name, "it ends too soon");
        }

        _checksum.Append(bytes);
    }

    private StateFormatException Error(string name, string problem) =>
        new(string.Join('/', _groups.Reverse().Append(name).Where(static part => part.Length != 0)), problem);
}

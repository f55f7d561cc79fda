using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Firmament.Core.Memory;

namespace Firmament.Core.State;

/// <summary>Hashes a machine's whole state (XXH3, 128 bits), names and values both.</summary>
public sealed class HashVisitor : StateVisitor
{
    private readonly XxHash128 _hash = new();

    /// <summary>The hash of all that was visited, as 32 lower-case hex digits.</summary>
    public string Result => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc/>
    public override int Begin(string name, int version)
    {
        Name(name);
        return version;
    }

    /// <inheritdoc/>
    public override void End() => Name("}");

    /// <inheritdoc/>
    public override void Bytes(string name, Span<byte> bytes)
    {
        Name(name);
        _hash.Append(bytes);
    }

    /// <inheritdoc/>
    public override void Field(string name, ref ulong value)
    {
        Name(name);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _hash.Append(bytes);
    }

    /// <inheritdoc/>
    public override void Memory(string name, GuestMemory memory)
    {
        Name(name);
        const ulong Chunk = 1 << 16;
        Span<byte> address = stackalloc byte[8];
        for (ulong at = 0; at < memory.Size; at += Chunk)
        {
            memory.TrySlice(new PhysicalAddress(at), Math.Min(Chunk, memory.Size - at), out ReadOnlySpan<byte> bytes);
            // Pages never touched read as zero; skipping them keeps them uncommitted and the hash quick.
            if (bytes.ContainsAnyExcept((byte)0))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(address, at);
                _hash.Append(address);
                _hash.Append(bytes);
            }
        }
    }

    private void Name(string name)
    {
        Span<byte> bytes = stackalloc byte[128];
        int length = Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, 40)), bytes);
        _hash.Append(bytes[..length]);
        _hash.Append([0]);
    }
}

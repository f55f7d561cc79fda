using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>An open file or folder of a <see cref="HostFileTree"/>.</summary>
internal sealed class HostTreeFile(int file, bool isMapped) : ITreeFile
{
    private const int EntryBytes = 16384;
    private const byte RegularKind = 8;

    private bool _isDisposed;

    /// <summary>The host's number of the open file.</summary>
    public int Descriptor => file;

    /// <inheritdoc/>
    public int GetStatus(out FileStatus status) => HostFileTree.Status(file, isMapped, out status);

    /// <inheritdoc/>
    public int Read(ulong offset, Span<byte> destination, out int count)
    {
        count = 0;
        if (offset > long.MaxValue || destination.IsEmpty)
        {
            return offset > long.MaxValue ? FileError.Invalid : FileError.None;
        }

        nint read = FileCalls.ReadAt(file, ref MemoryMarshal.GetReference(destination), destination.Length, (long)offset);
        count = (int)Math.Max(read, 0);
        return read < 0 ? HostFileTree.LastError() : FileError.None;
    }

    /// <inheritdoc/>
    public int Write(ulong offset, ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (offset > long.MaxValue || source.IsEmpty)
        {
            return offset > long.MaxValue ? FileError.Invalid : FileError.None;
        }

        nint written = FileCalls.WriteAt(file, in MemoryMarshal.GetReference(source), source.Length, (long)offset);
        count = (int)Math.Max(written, 0);
        return written < 0 ? HostFileTree.LastError() : FileError.None;
    }

    /// <inheritdoc/>
    public int ReadEntries(ulong position, List<TreeEntry> entries)
    {
        // struct linux_dirent64: inode 8, next 8, length 2, kind 1, name with a NUL.
        const int NameAt = 19;
        byte[] bytes = new byte[EntryBytes];
        if (position > long.MaxValue || FileCalls.Seek(file, (long)position, 0) < 0)
        {
            return FileError.Invalid;
        }

        nint length = FileCalls.GetEntries(file, bytes, bytes.Length);
        if (length < 0)
        {
            return HostFileTree.LastError();
        }

        for (int at = 0; at + NameAt < length;)
        {
            int next = at + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 16));
            if (next <= at + NameAt || next > length)
            {
                return FileError.Io;
            }

            ReadOnlySpan<byte> name = bytes.AsSpan(at + NameAt, next - at - NameAt);
            int end = name.IndexOf((byte)0);

            // What the host has as a regular file may be anything to the guest.
            byte kind = isMapped && bytes[at + 18] == RegularKind ? (byte)0 : bytes[at + 18];
            entries.Add(new TreeEntry(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8)), kind,
                Encoding.Latin1.GetString(end < 0 ? name : name[..end])));
            at = next;
        }

        return FileError.None;
    }

    /// <inheritdoc/>
    public int Sync() => FileCalls.Sync(file) < 0 ? HostFileTree.LastError() : FileError.None;

    /// <summary>Cuts or extends the file.</summary>
    public int SetLength(long length) => FileCalls.SetLength(file, length) < 0 ? HostFileTree.LastError() : FileError.None;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _ = FileCalls.Close(file);
        }
    }
}

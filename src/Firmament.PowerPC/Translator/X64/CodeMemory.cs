using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// Memory for generated code, mapped twice: once to write, once to execute, so that no page is ever both. Committed page by page as it is
/// written.
/// </summary>
internal sealed unsafe partial class CodeMemory : IDisposable
{
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int ProtExecute = 4;
    private const int MapShared = 1;
    private const uint CloseOnExec = 1;

    private CodeMemory(byte* writable, byte* executable, int size)
    {
        Writable = writable;
        Executable = executable;
        Size = size;
    }

    /// <summary>Where code is written.</summary>
    public byte* Writable { get; }

    /// <summary>Where the same bytes are executed.</summary>
    public byte* Executable { get; }

    /// <summary>Bytes.</summary>
    public int Size { get; }

    /// <summary>Maps <paramref name="size"/> bytes; null where the host refuses executable mappings.</summary>
    public static CodeMemory? TryCreate(int size)
    {
        int file = CreateMemoryFile("firmament-code", CloseOnExec);
        if (file < 0)
        {
            return null;
        }

        // SAFETY: two shared mappings of a file of this size, owned until Dispose. The file lives as long as they do.
        nint writable = -1;
        nint executable = -1;
        if (Truncate(file, size) == 0)
        {
            writable = Map(0, (nuint)size, ProtRead | ProtWrite, MapShared, file, 0);
            executable = Map(0, (nuint)size, ProtRead | ProtExecute, MapShared, file, 0);
        }

        _ = Close(file);
        if (writable != -1 && executable != -1)
        {
            return new CodeMemory((byte*)writable, (byte*)executable, size);
        }

        foreach (nint mapping in (ReadOnlySpan<nint>)[writable, executable])
        {
            if (mapping != -1)
            {
                _ = Unmap(mapping, (nuint)size);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Unmap((nint)Writable, (nuint)Size);
        _ = Unmap((nint)Executable, (nuint)Size);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int Truncate(int file, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}

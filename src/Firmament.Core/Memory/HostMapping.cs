using System.Runtime.InteropServices;

namespace Firmament.Core.Memory;

/// <summary>Anonymous zero-filled host memory, committed page by page as it is touched.</summary>
internal static unsafe partial class HostMapping
{
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;

    /// <summary>Maps <paramref name="length"/> zero bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The host refuses the mapping.</exception>
    public static byte* Allocate(nuint length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (byte*)NativeMemory.AllocZeroed(length);
        }

        // SAFETY: an anonymous private mapping owned by the caller until Free with the same length.
        nint address = Mmap(0, length, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (address == -1)
        {
            throw new InsufficientMemoryException($"the host refused {length >> 20} MiB of guest memory; pass a smaller --memory");
        }

        return (byte*)address;
    }

    /// <summary>Unmaps what <see cref="Allocate"/> returned.</summary>
    public static void Free(byte* address, nuint length)
    {
        if (!OperatingSystem.IsLinux())
        {
            NativeMemory.Free(address);
        }
        else
        {
            _ = Munmap((nint)address, length);
        }
    }

    /// <summary>Gives the pages back to the host; they read as zero afterwards.</summary>
    public static void Clear(byte* address, nuint length)
    {
        const int DontNeed = 4;
        if (!OperatingSystem.IsLinux() || Madvise((nint)address, length, DontNeed) != 0)
        {
            NativeMemory.Clear(address, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Munmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}

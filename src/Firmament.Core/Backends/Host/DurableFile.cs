using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firmament.Core.Backends.Host;

/// <summary>Replaces whole files so that a kill or a power failure at any moment leaves the old or the new contents, and never less than what was acknowledged.</summary>
public static partial class DurableFile
{
    /// <summary>
    /// Writes a file beside <paramref name="path"/> (".new"), makes it durable, renames it over the old one and makes the rename durable. What returns
    /// has survived.
    /// </summary>
    /// <exception cref="IOException">The host cannot keep it; the old contents still stand, unless only the last step failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> contents)
    {
        string temporary = path + ".new";
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, contents, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    // POSIX: a rename is durable once the folder is. .NET opens no folders, and Windows needs no such step.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        const int InvalidArgument = 22;
        int descriptor = Open(folder, ReadOnly, 0);
        if (descriptor < 0)
        {
            throw new IOException($"the folder '{folder}' cannot be opened ({Marshal.GetLastPInvokeErrorMessage()})");
        }

        // EINVAL: a file system without that notion (some network and FUSE ones).
        int error = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not (0 or InvalidArgument))
        {
            throw new IOException($"the folder '{folder}' cannot be made durable ({Marshal.GetPInvokeErrorMessage(error)})");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

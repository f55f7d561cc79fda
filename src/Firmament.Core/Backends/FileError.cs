namespace Firmament.Core.Backends;

/// <summary>Error numbers of file operations, as Linux numbers them on most architectures (asm-generic/errno.h). 9P2000.L carries these.</summary>
public static class FileError
{
    /// <summary>Success.</summary>
    public const int None = 0;

    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT.</summary>
    public const int NotFound = 2;

    /// <summary>EIO.</summary>
    public const int Io = 5;

    /// <summary>EBADF.</summary>
    public const int BadHandle = 9;

    /// <summary>EEXIST.</summary>
    public const int Exists = 17;

    /// <summary>ENOTDIR.</summary>
    public const int NotDirectory = 20;

    /// <summary>EISDIR.</summary>
    public const int IsDirectory = 21;

    /// <summary>EINVAL.</summary>
    public const int Invalid = 22;

    /// <summary>EMFILE.</summary>
    public const int TooManyOpen = 24;

    /// <summary>EROFS.</summary>
    public const int ReadOnly = 30;

    /// <summary>ENAMETOOLONG.</summary>
    public const int NameTooLong = 36;

    /// <summary>ELOOP.</summary>
    public const int IsLink = 40;

    /// <summary>EPROTO.</summary>
    public const int Protocol = 71;

    /// <summary>EOPNOTSUPP.</summary>
    public const int NotSupported = 95;
}

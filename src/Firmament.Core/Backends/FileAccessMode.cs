namespace Firmament.Core.Backends;

/// <summary>How a file is opened; the numbers are those of O_ACCMODE.</summary>
public enum FileAccessMode
{
    /// <summary>To read.</summary>
    Read = 0,

    /// <summary>To write.</summary>
    Write = 1,

    /// <summary>Both.</summary>
    ReadWrite = 2,
}

namespace Firmament.Core.Backends;

/// <summary>Where owners, permissions and kinds of files are kept.</summary>
public enum FileOwnership
{
    /// <summary>They are the host file's own.</summary>
    Host,

    /// <summary>In extended attributes of the host's files, which belong to the user Firmament runs as and are readable to nobody else.</summary>
    Attributes,
}

using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>Bytes the user hands to the machine (kernel, initrd, device tree): a file on the host, or bytes in memory.</summary>
public sealed class GuestImage
{
    private readonly ReadOnlyMemory<byte>? _bytes;

    private GuestImage(string name, ReadOnlyMemory<byte>? bytes)
    {
        Name = name;
        _bytes = bytes;
    }

    /// <summary>The path, or a name for messages when the bytes are in memory.</summary>
    public string Name { get; }

    /// <summary>True when the bytes are read from a file.</summary>
    public bool IsFile => _bytes == null;

    /// <summary>An image read from <paramref name="path"/> when the machine is built.</summary>
    public static GuestImage FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path, null);
    }

    /// <summary>An image that is in memory already.</summary>
    /// <param name="name">What messages call it, for example "demo".</param>
    /// <param name="bytes">The whole image; not copied.</param>
    public static GuestImage FromBytes(string name, ReadOnlyMemory<byte> bytes) => new(name, bytes);

    /// <summary>The whole image.</summary>
    /// <param name="option">The option that named it, for the message: "--kernel".</param>
    /// <exception cref="UserErrorException">The file is missing, unreadable or larger than 2 GiB.</exception>
    public ReadOnlyMemory<byte> Read(string option)
    {
        if (_bytes is { } bytes)
        {
            return bytes;
        }

        try
        {
            return File.ReadAllBytes(Name);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"There is no file '{Name}'; give an existing file to {option}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{Name}' cannot be read ({e.Message.TrimEnd('.')}); give a readable file to {option}.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

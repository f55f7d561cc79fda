namespace Firmament.Core.Backends;

/// <summary>A disk that can forget ranges, so that they take no room.</summary>
public interface IDiscardBackend
{
    /// <summary>Forgets a range; what it holds afterwards is not known. False on a host I/O error, a read-only image or a range outside the image.</summary>
    bool TryDiscard(long offset, long length);
}

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>Is told what happens to an <see cref="IHostStream"/>, on the network's thread.</summary>
internal interface IHostStreamOwner
{
    /// <summary>The connection asked for is there.</summary>
    void Connected();

    /// <summary>The connection asked for cannot be made.</summary>
    void Failed();

    /// <summary>There is something to receive, an end or an error among it.</summary>
    void Readable();

    /// <summary>There is room to send.</summary>
    void Writable();
}

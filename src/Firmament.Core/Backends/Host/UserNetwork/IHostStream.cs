namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>A TCP connection of the host's. Never blocks and never throws.</summary>
internal interface IHostStream : IDisposable
{
    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> answer for a connection that broke.</summary>
    const int Broken = -2;

    /// <summary>What <see cref="Receive"/> answers when the peer sends no more.</summary>
    const int Ended = -1;

    /// <summary>Who is told; set once for accepted connections.</summary>
    IHostStreamOwner? Owner { get; set; }

    /// <summary>True asks for <see cref="IHostStreamOwner.Readable"/>.</summary>
    bool WantsInput { get; set; }

    /// <summary>True asks for <see cref="IHostStreamOwner.Writable"/>.</summary>
    bool WantsOutput { get; set; }

    /// <summary>Takes bytes that are there: their number, 0 when there are none now, <see cref="Ended"/> or <see cref="Broken"/>.</summary>
    int Receive(Span<byte> destination);

    /// <summary>Gives bytes away: the number taken, maybe 0, or <see cref="Broken"/>.</summary>
    int Send(ReadOnlySpan<byte> source);

    /// <summary>Tells the peer that no more is sent.</summary>
    void EndOutput();

    /// <summary>Closes so that the peer sees a reset.</summary>
    void Abort();
}

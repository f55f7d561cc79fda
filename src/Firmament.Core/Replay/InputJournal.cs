using System.Collections.Concurrent;

namespace Firmament.Core.Replay;

/// <summary>
/// The one door through which anything from outside (keys, packets) enters a machine. Host threads post; the machine
/// drains between slices, on its own thread, so that devices never see a second thread.
/// </summary>
public sealed class InputJournal
{
    private readonly ConcurrentQueue<(InputChannel Channel, byte[] Payload)> _pending = new();

    /// <summary>Called on the posting thread after each post, to wake a machine that waits. May be null.</summary>
    public Action? Posted { get; set; }

    /// <summary>True when something waits to be delivered.</summary>
    public bool HasPending => !_pending.IsEmpty;

    /// <summary>Makes a channel; <paramref name="deliver"/> runs on the machine's thread with each payload.</summary>
    public InputChannel CreateChannel(string name, Action<byte[]> deliver) => new(this, name, deliver);

    /// <summary>Delivers what was posted so far, in order. Returns the number of payloads.</summary>
    public int Drain()
    {
        int count = 0;
        while (_pending.TryDequeue(out (InputChannel Channel, byte[] Payload) entry))
        {
            entry.Channel.Deliver(entry.Payload);
            count++;
        }

        return count;
    }

    internal void Post(InputChannel channel, byte[] payload)
    {
        _pending.Enqueue((channel, payload));
        Posted?.Invoke();
    }
}

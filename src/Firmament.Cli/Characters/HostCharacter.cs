using Firmament.Core.Backends;

namespace Firmament.Cli.Characters;

/// <summary>
/// The host end of a character stream. Made without I/O; <see cref="Start"/> opens it, and what was written before comes out then, so that a machine that
/// could not be built leaves no half-written file.
/// </summary>
internal abstract class HostCharacter : ICharacterBackend, IDisposable
{
    // A machine that is being built prints a banner at most; the rest is dropped.
    private const int MostHeld = 1 << 16;
    private readonly Lock _gate = new();
    private List<byte>? _held = [];

    protected HostCharacter(string id) => Id = id;

    /// <summary>Its name among the backends.</summary>
    public string Id { get; }

    /// <summary>For `info chardev`.</summary>
    public abstract string Description { get; }

    /// <summary>Takes received bytes, on the backend's own thread. Set before <see cref="Start"/>.</summary>
    public Action<byte[]>? Received { get; set; }

    /// <summary>Opens the host end and begins to receive.</summary>
    /// <exception cref="Firmament.Core.UserErrorException">It cannot be opened.</exception>
    public void Start()
    {
        Open();
        lock (_gate)
        {
            byte[] held = _held?.ToArray() ?? [];
            _held = null;
            if (held.Length != 0)
            {
                Send(held);
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_held == null)
            {
                Send(bytes);
            }
            else if (_held.Count + bytes.Length <= MostHeld)
            {
                _held.AddRange(bytes);
            }
        }
    }

    /// <summary>The program is to end: from now on nothing here may wait for a peer. Any thread, also during <see cref="Start"/> and a write.</summary>
    public virtual void Hurry()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    protected abstract void Open();

    /// <summary>Sends bytes out; one caller at a time. Must not throw for a lost peer.</summary>
    protected abstract void Send(ReadOnlySpan<byte> bytes);

    protected void StartThread(string name, Action body)
        => new Thread(() => body()) { IsBackground = true, Name = name }.Start();
}

namespace Firmament.Core.Replay;

/// <summary>A named source of input into the machine: one console, one network card.</summary>
public sealed class InputChannel
{
    private readonly InputJournal _journal;

    internal InputChannel(InputJournal journal, string name, Action<byte[]> deliver)
    {
        _journal = journal;
        Name = name;
        Deliver = deliver;
    }

    /// <summary>For the journal file and traces.</summary>
    public string Name { get; }

    internal Action<byte[]> Deliver { get; }

    /// <summary>Posts a payload; may be called from any thread. The array becomes the journal's.</summary>
    public void Post(byte[] payload) => _journal.Post(this, payload);
}

using Firmament.Cli.Terminal;

namespace Firmament.Cli.Characters;

/// <summary>Standard input and output; a terminal is raw while it is open. The end of input is not an error.</summary>
internal sealed class StdioCharacter : HostCharacter
{
    private readonly IStandardStreams _streams;
    private readonly bool _signals;
    private bool _reading;

    public StdioCharacter(string id, IStandardStreams streams, bool signals)
        : base(id)
    {
        _streams = streams;
        _signals = signals;
    }

    /// <inheritdoc/>
    public override string Description => "stdio";

    /// <summary>Takes the terminal (again): at the start and when a stopped or background process comes to the foreground.</summary>
    public void Attach()
    {
        // Reading from a terminal that another process owns would stop this one (SIGTTIN).
        if (_streams.IsInputTerminal && !_streams.EnterRaw(_signals))
        {
            return;
        }

        if (!_reading)
        {
            _reading = true;
            StartThread("standard input", ReadUntilEnd);
        }
    }

    /// <inheritdoc/>
    public override void Hurry() => _streams.Hurry();

    /// <inheritdoc/>
    public override void Dispose() => _streams.Restore();

    /// <inheritdoc/>
    protected override void Open() => Attach();

    /// <inheritdoc/>
    protected override void Send(ReadOnlySpan<byte> bytes) => _streams.Write(bytes);

    private void ReadUntilEnd()
    {
        byte[] buffer = new byte[4096];
        for (int count = _streams.Read(buffer); count > 0; count = _streams.Read(buffer))
        {
            Received?.Invoke(buffer[..count]);
        }
    }
}

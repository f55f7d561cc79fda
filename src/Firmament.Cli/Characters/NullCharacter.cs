namespace Firmament.Cli.Characters;

/// <summary>Drops what it gets and never receives.</summary>
internal sealed class NullCharacter(string id) : HostCharacter(id)
{
    /// <inheritdoc/>
    public override string Description => "null";

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override void Open()
    {
    }

    /// <inheritdoc/>
    protected override void Send(ReadOnlySpan<byte> bytes)
    {
    }
}

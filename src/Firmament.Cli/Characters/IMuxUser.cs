namespace Firmament.Cli.Characters;

/// <summary>One of those who share a console: a serial port or the monitor.</summary>
internal interface IMuxUser
{
    /// <summary>Takes input while it has the focus.</summary>
    void Receive(byte[] bytes);

    /// <summary>A break was asked for (Ctrl-A b).</summary>
    void Break();

    /// <summary>It got or lost the focus.</summary>
    void Focus(bool has);
}

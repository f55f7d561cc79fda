namespace Firmament.Cli.Terminal;

/// <summary>Standard input, output and error of the process; a test gives its own.</summary>
internal interface IStandardStreams
{
    /// <summary>Standard input is a terminal.</summary>
    bool IsInputTerminal { get; }

    /// <summary>Standard output is a terminal.</summary>
    bool IsOutputTerminal { get; }

    /// <summary>Standard error is a terminal, so progress notes make sense.</summary>
    bool IsErrorTerminal { get; }

    /// <summary>Waits for input; 0 at its end.</summary>
    int Read(Span<byte> buffer);

    /// <summary>Writes at once, unbuffered. A reader that went away is not an error.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Writes at once to standard error.</summary>
    void WriteError(ReadOnlySpan<byte> bytes);

    /// <summary>The program is to end: from now on output that nobody takes is soon given up, also what is being written. Any thread.</summary>
    void Hurry();

    /// <summary>Makes the input terminal raw. False when there is no terminal or another process owns it.</summary>
    bool EnterRaw(bool signals);

    /// <summary>Restores the terminal; safe at any time.</summary>
    void Restore();
}

namespace Firmament.Cli.Options;

/// <summary>Host ends a character stream can have.</summary>
internal enum CharacterKind
{
    Null,
    Stdio,
    File,
    Socket,
    Pty,
}

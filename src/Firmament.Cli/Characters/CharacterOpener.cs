using Firmament.Cli.Options;

namespace Firmament.Cli.Characters;

/// <summary>Makes the host end that a description asks for.</summary>
internal static class CharacterOpener
{
    public static HostCharacter Create(CharacterSpec spec, CliHost host) => spec.Kind switch
    {
        CharacterKind.Stdio => new StdioCharacter(spec.Id, host.Streams, spec.Signal),
        CharacterKind.File => new FileCharacter(spec.Id, spec.Path!, spec.Append, host.Streams),
        CharacterKind.Socket => new SocketCharacter(spec, host.Complain),
        CharacterKind.Pty => new PtyCharacter(spec.Id, host.PrintError),
        _ => new NullCharacter(spec.Id),
    };
}

using Firmament.Core.Replay;

namespace Firmament.Cli.Characters;

/// <summary>A serial port as a user of a console: input goes to the machine's channel.</summary>
internal sealed class SerialUser : IMuxUser
{
    private readonly InputChannel? _input;
    private readonly Action _break;

    public SerialUser(InputChannel? input, Action sendBreak)
    {
        _input = input;
        _break = sendBreak;
    }

    /// <inheritdoc/>
    public void Receive(byte[] bytes) => _input?.Post(bytes);

    /// <inheritdoc/>
    public void Break() => _break();

    /// <inheritdoc/>
    public void Focus(bool has)
    {
    }
}

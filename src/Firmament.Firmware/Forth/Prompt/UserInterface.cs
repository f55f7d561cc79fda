using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>Boots, and waits. Not modelled: the prompt, which comes with Forth.</summary>
public sealed class UserInterface(OpenFirmware firmware, IFirmwareConsole console) : IStateful
{
    private string? _line = "boot";

    /// <summary>Begins with a command; null for `boot`.</summary>
    public void Start(string? line) => _line = line ?? "boot";

    /// <summary>A client gave the processor back.</summary>
    public void Resume() => console.Write("ok "u8);

    /// <summary>Does some of the work.</summary>
    public UserInterfaceState Step(int steps)
    {
        if (_line is { } line)
        {
            _line = null;
            if (firmware.BootCommands!.Boot(line[4..]) == 0)
            {
                return UserInterfaceState.Left;
            }

            console.Write("ok "u8);
        }

        Span<byte> bytes = stackalloc byte[10];
        console.Read(bytes);
        return UserInterfaceState.Waiting;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
    }
}

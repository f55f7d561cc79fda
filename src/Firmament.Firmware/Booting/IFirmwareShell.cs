using Firmament.PowerPC;

namespace Firmament.Firmware.Booting;

/// <summary>The firmware's own program: what the machine does while no client runs. A CPU in the loop of <see cref="Hypercalls.GuestStub.BuildShell"/> calls it.</summary>
public interface IFirmwareShell
{
    /// <summary>Does a bounded amount of work, and returns; the loop calls again.</summary>
    /// <param name="processor">The CPU in the loop.</param>
    void Run(IProcessor processor);

    /// <summary>A client enters the user interface (client service "enter"), to go on when the user says `go`.</summary>
    /// <param name="processor">The client's CPU; its registers are those the client goes on with.</param>
    void Enter(IProcessor processor);

    /// <summary>A client is done (client service "exit").</summary>
    /// <returns>False when there is no user to go back to; the machine decides then.</returns>
    bool TryExit(IProcessor processor);
}

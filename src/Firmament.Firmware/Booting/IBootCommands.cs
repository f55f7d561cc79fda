namespace Firmament.Firmware.Booting;

/// <summary>What the user's commands boot, load and go do (IEEE 1275-1994 7.4.3.1, 7.4.3.2). Each returns a catch result.</summary>
public interface IBootCommands
{
    /// <summary>Loads a program into memory, and does not start it.</summary>
    /// <param name="line">Device specifier and arguments as the user typed them after the word; "" takes `boot-device` and `boot-file`.</param>
    int Load(string line);

    /// <summary>
    /// Starts what was loaded, or goes on with a client that entered the user interface. On success the CPU's registers are the client's and the caller must
    /// give up the processor at once.
    /// </summary>
    int Go();

    /// <summary><see cref="Load"/> and <see cref="Go"/>; "" tries each device of `boot-device` in turn.</summary>
    int Boot(string line);
}

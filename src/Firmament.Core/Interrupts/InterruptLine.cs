namespace Firmament.Core.Interrupts;

/// <summary>One level-signalled wire from a device to a controller's input; controllers derive edges themselves.</summary>
/// <param name="name">For traces, for example "uart irq".</param>
/// <param name="changed">Called with the new level each time it changes.</param>
public sealed class InterruptLine(string name, Action<bool> changed)
{
    /// <summary>For traces.</summary>
    public string Name { get; } = name;

    /// <summary>The level driven now.</summary>
    public bool Level { get; private set; }

    /// <summary>A wire that leads nowhere.</summary>
    public static InterruptLine Unconnected => new("unconnected", static _ => { });

    /// <summary>Drives the line.</summary>
    public void Set(bool level)
    {
        if (Level != level)
        {
            Level = level;
            changed(level);
        }
    }

    /// <summary>Drives the line high.</summary>
    public void Raise() => Set(true);

    /// <summary>Drives the line low.</summary>
    public void Lower() => Set(false);

    /// <summary>Restores a level without telling the controller, which restores its own input state.</summary>
    public void Restore(bool level) => Level = level;
}

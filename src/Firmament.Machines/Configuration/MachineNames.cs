namespace Firmament.Machines.Configuration;

/// <summary>The machines that can be built.</summary>
public static class MachineNames
{
    /// <summary>Every name, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = ["pegasos2"];
}

namespace Firmament.Machines.Tests.Conformance;

/// <summary>Cases that are run together: a crash in a group loses only what is left of it.</summary>
/// <param name="Letter">What selects it in the boot arguments.</param>
/// <param name="Title">Heading of its part of the table.</param>
/// <param name="Cases">In the order they are run in.</param>
internal sealed record ConformanceGroup(char Letter, string Title, ConformanceCase[] Cases)
{
    /// <summary>Bit of the group in the guest's mask.</summary>
    public int Bit => 1 << (Letter - 'a');
}

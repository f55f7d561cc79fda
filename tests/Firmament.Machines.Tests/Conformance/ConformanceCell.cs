namespace Firmament.Machines.Tests.Conformance;

/// <summary>One cell of an argument array: a number, the address of a string, or what an earlier case or the boot arguments gave.</summary>
/// <param name="Value">The number.</param>
/// <param name="Text">The string whose address it is.</param>
/// <param name="Variable">The variable whose value it is, or whose string begins the path.</param>
/// <param name="IsPath">True for the address of the variable's string with <paramref name="Text"/> behind it.</param>
/// <param name="IsAddress">True for the variable's own address.</param>
internal readonly record struct ConformanceCell(uint Value, string? Text = null, string? Variable = null, bool IsPath = false, bool IsAddress = false)
{
    public static implicit operator ConformanceCell(int value) => new((uint)value);

    public static implicit operator ConformanceCell(uint value) => new(value);

    public static implicit operator ConformanceCell(string text) => new(0, text);

    /// <summary>What an earlier case saved.</summary>
    public static ConformanceCell Saved(string variable) => new(0, Variable: variable);

    /// <summary>Where a variable is, for a call to store in it.</summary>
    public static ConformanceCell AddressOf(string variable) => new(0, Variable: variable, IsAddress: true);

    /// <summary>A device path from the boot arguments, with more behind it.</summary>
    public static ConformanceCell Path(string variable, string suffix = "") => new(0, suffix, variable, IsPath: true);
}

namespace Firmament.Machines.Profiling;

/// <summary>A function of the guest.</summary>
/// <param name="Address">Its first instruction, as the guest links it.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsFunction">The file says that it is a function; else it is a label in code.</param>
internal readonly record struct Symbol(ulong Address, string Name, bool IsFunction);

namespace Firmament.Firmware;

/// <summary>One argument or result of a service.</summary>
/// <param name="Kind">What the cell means.</param>
/// <param name="Name">As the specification names it.</param>
public readonly record struct ServiceParameter(ServiceParameterKind Kind, string Name);

namespace Firmament.DeviceTree.Paths;

/// <summary>One node on the way from the root to a device, as it is opened for an instance chain.</summary>
/// <param name="Node">The node.</param>
/// <param name="Arguments">Its arguments, "" for a ":" with nothing after it, null without a ":".</param>
public readonly record struct DevicePathStep(DeviceNode Node, string? Arguments);

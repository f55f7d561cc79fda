namespace Firmament.Firmware.Forth.Devices;

/// <summary>What was current when `new-device` began a node.</summary>
internal readonly record struct NodeOrigin(uint Active, uint Self, uint Node, string UnitAddress);

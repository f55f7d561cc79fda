namespace Firmament.Firmware.Forth.Engine;

/// <summary>An entry of the control-flow stack: code addresses whose meaning depends on the kind.</summary>
internal readonly record struct ControlItem(ControlKind Kind, int Address, int Extra = 0);

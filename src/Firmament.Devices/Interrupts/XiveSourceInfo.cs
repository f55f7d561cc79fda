namespace Firmament.Devices.Interrupts;

/// <summary>What H_INT_GET_SOURCE_INFO answers.</summary>
/// <param name="Flags">Bit 60 use H_INT_ESB, 61 LSI, 62 trigger and management on one page, 63 store EOI.</param>
/// <param name="ManagementPage">Logical real address, or all ones when H_INT_ESB must be used.</param>
/// <param name="TriggerPage">Logical real address, or all ones.</param>
/// <param name="PageShift">Log2 of the pages' bytes.</param>
public readonly record struct XiveSourceInfo(ulong Flags, ulong ManagementPage, ulong TriggerPage, ulong PageShift);

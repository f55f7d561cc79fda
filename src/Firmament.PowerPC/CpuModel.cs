using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC;

/// <summary>A CPU that can be chosen by name: its version register, clocks and optional features.</summary>
/// <param name="Name">As the user types it; any case.</param>
/// <param name="Pvr">Processor version register.</param>
/// <param name="Features">Optional instructions.</param>
/// <param name="Is745X">True for the 7450 family: extra SPRs, L3.</param>
/// <param name="Description">One line for help.</param>
public sealed record CpuModel(string Name, uint Pvr, CpuFeatures Features, bool Is745X, string Description)
{
    /// <summary>True for POWER: 64-bit registers, Book III-S.</summary>
    public bool Is64Bit => (Features & CpuFeatures.Bits64) != 0;

    private const CpuFeatures G4 = CpuFeatures.AltiVec | CpuFeatures.Classic32;

    private const CpuFeatures Power8 =
        CpuFeatures.AltiVec | CpuFeatures.Fsqrt | CpuFeatures.Bits64 | CpuFeatures.Isa205 | CpuFeatures.Isa206 | CpuFeatures.Isa207;

    /// <summary>All models.</summary>
    public static IReadOnlyList<CpuModel> All { get; } =
    [
        new("7447a", 0x8003_0102, G4 | CpuFeatures.SoftwareTlb | CpuFeatures.HighBats, true, "G4 MPC7447A v1.2"),
        new("7447", 0x8002_0102, G4 | CpuFeatures.SoftwareTlb | CpuFeatures.HighBats, true, "G4 MPC7447 v1.2 (the same PVR as the 7457)"),
        new("7457", 0x8002_0102, G4 | CpuFeatures.SoftwareTlb | CpuFeatures.HighBats, true, "G4 MPC7457 v1.2"),
        new("7455", 0x8001_0303, G4 | CpuFeatures.SoftwareTlb | CpuFeatures.HighBats, true, "G4 MPC7455 v3.3"),
        new("7450", 0x8000_0201, G4 | CpuFeatures.SoftwareTlb, true, "G4 MPC7450 v2.1"),
        new("7410", 0x800c_1104, G4, false, "G4 MPC7410 v1.4"),
        new("7400", 0x000c_0209, G4, false, "G4 MPC7400 v2.9"),
        new("g4", 0x000c_0209, G4, false, "another name of 7400, as in QEMU"),
        new("power9", 0x004e_1200, Power8 | CpuFeatures.Isa300, false, "POWER9 v2.0"),
        new("power8", 0x004d_0200, Power8, false, "POWER8 v2.0"),
    ];

    /// <summary>The model of this name, or null.</summary>
    public static CpuModel? Find(string name) => All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase));
}

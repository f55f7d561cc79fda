using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.State;

/// <summary>What mfspr and mtspr reach on one family of CPUs.</summary>
internal unsafe interface ISprFile
{
    /// <summary>Reads a register. False when an interrupt was raised instead; where neither happens, a no-op, the value is what RT held.</summary>
    bool TryRead(Insn* i, int spr, out ulong value);

    /// <summary>Writes a register. False when an interrupt was raised instead.</summary>
    bool TryWrite(Insn* i, int spr, ulong value);
}

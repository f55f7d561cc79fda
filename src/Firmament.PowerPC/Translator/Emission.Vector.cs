namespace Firmament.PowerPC.Translator;

/// <summary>What vector instructions need.</summary>
internal sealed unsafe partial class Emission
{
    /// <summary>Where a constant is, from the start of the region.</summary>
    public int ConstantAt(VectorConstant constant) => stubs.Constants + (16 * (int)constant) - Origin;
}

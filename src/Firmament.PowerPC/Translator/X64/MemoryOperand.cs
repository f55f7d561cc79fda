namespace Firmament.PowerPC.Translator.X64;

/// <summary>[base + displacement], or [base + index·scale + displacement].</summary>
/// <param name="Base">Base register.</param>
/// <param name="Index">Index register; <see cref="HostRegister.Rsp"/> = none.</param>
/// <param name="Displacement">Bytes.</param>
/// <param name="ScaleShift">Log2 of the scale.</param>
internal readonly record struct MemoryOperand(HostRegister Base, HostRegister Index, int Displacement, int ScaleShift = 0)
{
    /// <summary>[base + displacement].</summary>
    public MemoryOperand(HostRegister @base, int displacement) : this(@base, HostRegister.Rsp, displacement)
    {
    }
}

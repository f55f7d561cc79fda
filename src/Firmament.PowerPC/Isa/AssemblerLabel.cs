namespace Firmament.PowerPC.Isa;

/// <summary>A place in a program being assembled, bound with <see cref="Assembler.Bind"/> before or after it is used.</summary>
public sealed class AssemblerLabel
{
    internal uint? Address { get; set; }
}

using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// Takes interrupts: SRR0 and SRR1, the new MSR, the vector. Source: PEM chapter 6, MPC7450 RM chapter 4.
/// An instruction-caused interrupt saves that instruction's address; the instruction has changed nothing.
/// </summary>
internal static unsafe class Interrupts
{
    /// <summary>DSISR and SRR1: no translation found.</summary>
    public const uint NotFound = 0x4000_0000;

    /// <summary>DSISR and SRR1: protection violation.</summary>
    public const uint Protection = 0x0800_0000;

    /// <summary>SRR1: fetch from a no-execute or guarded page.</summary>
    public const uint NoExecute = 0x1000_0000;

    /// <summary>DSISR: direct-store segment, or an access the storage attributes forbid.</summary>
    public const uint DirectStore = 0x0400_0000;

    /// <summary>DSISR: the access was a store.</summary>
    public const uint IsStore = 0x0200_0000;

    /// <summary>DSISR: data address breakpoint.</summary>
    public const uint Breakpoint = 0x0040_0000;

    /// <summary>The effective address of a decoded instruction in the current page.</summary>
    public static ulong AddressOf(CpuState* s, Insn* i) => s->PageEa + ((ulong)i->Index << 2);

    /// <summary>Program interrupt at <paramref name="i"/>.</summary>
    public static void Program(CpuState* s, Insn* i, ProgramReason reason) => Take(s, Vector.Program, AddressOf(s, i), (uint)reason);

    /// <summary>Data storage interrupt at <paramref name="i"/>.</summary>
    public static void DataStorage(CpuState* s, Insn* i, ulong ea, uint dsisr)
    {
        s->Spr[SprNumber.Dar] = ea;
        s->Spr[SprNumber.Dsisr] = dsisr;
        Take(s, Vector.DataStorage, AddressOf(s, i), 0);
    }

    /// <summary>Machine check: an access that nothing answered. With MSR[ME] clear the CPU would checkstop; see <see cref="CpuFamily"/>.</summary>
    public static void MachineCheck(CpuState* s, Insn* i) =>
        Cpu.From(s).Family.MachineCheck(AddressOf(s, i));

    /// <summary>Saves the state and goes to the vector.</summary>
    /// <param name="s">The CPU.</param>
    /// <param name="vector">Offset of the vector.</param>
    /// <param name="returnAddress">SRR0.</param>
    /// <param name="srr1">Bits that say why.</param>
    public static void Take(CpuState* s, uint vector, ulong returnAddress, ulong srr1) => Cpu.From(s).Family.Take(vector, returnAddress, srr1);
}

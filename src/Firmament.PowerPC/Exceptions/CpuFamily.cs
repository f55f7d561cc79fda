using Firmament.Core.State;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>
/// What the engine leaves to an architecture family: the bits of the MSR, interrupts and how they are delivered, special-purpose
/// registers, address translation.
/// </summary>
internal abstract unsafe class CpuFamily : IDisposable
{
    /// <summary>The family's translation and software TLBs.</summary>
    public abstract SoftwareMmu Mmu { get; }

    /// <summary>The family's special-purpose registers.</summary>
    public abstract ISprFile Sprs { get; }

    /// <summary>The mode that the current MSR puts the engine in.</summary>
    public abstract CpuMode Mode { get; }

    /// <summary>True when the next delivery of interrupts ends a wait for one.</summary>
    public virtual bool WillWake => false;

    /// <summary>Instructions until something besides the decrementer wants to be looked at.</summary>
    public virtual long UntilEvent => long.MaxValue;

    /// <summary>Brings registers that count by themselves up to date.</summary>
    public virtual void Settle()
    {
    }

    /// <summary>Sets the registers that are not 0 after power-on; everything else has been cleared.</summary>
    public abstract void Reset();

    /// <summary>Derives again what the family keeps beside the state, after reset and after loading.</summary>
    public abstract void Reload();

    /// <summary>Saves and restores what the family keeps beside the state.</summary>
    public virtual void Visit(StateVisitor state)
    {
    }

    /// <summary>mtmsr and its like: keeps the bits this CPU has, and switches contexts.</summary>
    public abstract void WriteMsr(ulong value);

    /// <summary>mtmsr and mtmsrd: what they change of the bits in <paramref name="mask"/>.</summary>
    public abstract void MoveToMsr(ulong value, ulong mask);

    /// <summary>rfi, rfid, rfscv.</summary>
    public abstract void ReturnFromInterrupt(Insn* i, ReturnKind kind);

    /// <summary>Saves the state and goes to a vector.</summary>
    /// <param name="vector">Offset of the vector.</param>
    /// <param name="returnAddress">SRR0.</param>
    /// <param name="srr1">Bits that say why.</param>
    public abstract void Take(uint vector, ulong returnAddress, ulong srr1);

    /// <summary>A load or store did not translate.</summary>
    public abstract void DataFault(Insn* i, ulong ea, StorageFault fault);

    /// <summary>A fetch did not translate.</summary>
    public abstract void FetchFault(ulong pc, StorageFault fault);

    /// <summary>Alignment interrupt at <paramref name="i"/>.</summary>
    public abstract void Alignment(Insn* i, ulong ea);

    /// <summary>An access that nothing answered.</summary>
    public abstract void MachineCheck(ulong address);

    /// <summary>A system call that no firmware served.</summary>
    public abstract void SystemCall(Insn* i, ulong next, int level);

    /// <summary>Takes the most urgent interrupt that may be taken now, if any. It may wake the CPU.</summary>
    public abstract void DeliverInterrupts();

    /// <summary>
    /// True while each instruction of the page at the program counter must be run alone, because a trace or a breakpoint looks at it. The
    /// dispatcher asks whenever execution comes to a page that the fetch TLB does not hold.
    /// </summary>
    public abstract bool MustStep { get; }

    /// <summary>An instruction is about to be run alone. True when a breakpoint took an interrupt instead.</summary>
    public abstract bool BreaksAt(ulong pc);

    /// <summary>An instruction that was run alone has completed without an interrupt: the place of trace interrupts.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="msr">The state it ran in.</param>
    /// <param name="traced">True when MSR[SE] or MSR[BE] asks for a trace interrupt.</param>
    public abstract void Completed(ulong address, ulong msr, bool traced);

    /// <summary>A load or store that translated is about to be made. True when a watchpoint took an interrupt instead.</summary>
    public virtual bool Watches(Insn* i, ulong ea, int size, bool write) => false;

    /// <inheritdoc/>
    public abstract void Dispose();
}

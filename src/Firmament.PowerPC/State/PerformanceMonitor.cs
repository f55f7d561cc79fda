using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.State;

/// <summary>
/// The performance monitor of POWER8 and POWER9: six counters of completed instructions or cycles, what freezes them, and the alert when one
/// becomes negative. Source: Power ISA 2.07B Book III-S chapter 9; event numbers from the POWER8 and POWER9 user's manuals.
/// </summary>
/// <remarks>
/// <para>
/// Counting is not work: registers hold the counts of the instruction <see cref="_since"/>, and the difference is added when somebody looks or
/// something changes. An instruction is a cycle, and belongs to the state it began in; one that is interrupted counts too. A CPU that
/// waits in H_CEDE is not there, and counts nothing.
/// </para>
/// <para>
/// Not modelled: events other than instructions and cycles (their counters stand still), TRIGGER, time base events (TBEE), thresholds,
/// random sampling, the branch history buffer. SDAR is left alone.
/// </para>
/// </remarks>
internal sealed unsafe class PerformanceMonitor(Cpu cpu, CpuState* state)
{
    // MMCR0.
    private const ulong Freeze = 0x8000_0000;
    private const ulong FreezePrivileged = 0x4000_0000;
    private const ulong FreezeProblem = 0x2000_0000;
    private const ulong FreezeMarked = 0x1000_0000;
    private const ulong FreezeUnmarked = 0x0800_0000;
    private const ulong AlertEnable = 0x0400_0000;
    private const ulong FreezeOnEvent = 0x0200_0000;
    private const ulong EventBased = 0x0010_0000;
    private const int AccessShift = 18;
    private const ulong FirstEnable = 0x8000;
    private const ulong OthersEnable = 0x4000;
    private const ulong FreezeProblemConditional = 0x1000;
    private const ulong LastTwoAlways = 0x0100;
    private const ulong AlertOccurred = 0x0080;
    private const ulong FreezeLastTwo = 0x0010;
    private const ulong FreezeWaiting = 0x0002;
    private const ulong ProblemBits = Freeze | AlertEnable | AlertOccurred;

    // SIER.
    private const ulong SampledProblem = 0x0200_0000;
    private const ulong SampledAddressValid = 0x0040_0000;

    private const int Counters = 6;
    private const int LastTwo = 4;
    private const uint Negative = 0x8000_0000;
    private const ulong Run = 1;

    private long _since;
    private long _alertAt = long.MaxValue;
    private uint _counting;

    private enum Access
    {
        ReadOnly = 0,
        None = 1,
        ReadWriteButLastTwo = 3,
    }

    /// <summary>True while the exception stands that MSR[EE] lets through as an interrupt.</summary>
    public bool IsPending => (Control & (AlertOccurred | EventBased)) == AlertOccurred;

    /// <summary>Instructions until an alert.</summary>
    public long UntilAlert => _alertAt == long.MaxValue ? long.MaxValue : _alertAt - cpu.InstructionCount;

    private ulong Control => state->Spr[SprNumber.MachineMmcr0];

    /// <summary>Power-on: everything is frozen.</summary>
    public void Reset() => state->Spr[SprNumber.MachineMmcr0] = Freeze;

    /// <summary>The state was cleared or loaded: counting goes on from here.</summary>
    public void Reload()
    {
        _since = cpu.InstructionCount;
        Decide();
    }

    /// <summary>Brings the counters up to date with the instructions completed.</summary>
    public void Settle() => Settle(cpu.InstructionCount);

    /// <summary>MSR[PR], MSR[PMM] or CTRL[RUN] has changed: other counters may run.</summary>
    public void StateChanged()
    {
        if ((Control & Freeze) == 0)
        {
            Settle(InstructionsBegun());
            Decide();
        }
    }

    /// <summary>Raises the alert when it is due.</summary>
    /// <returns>True when it occurred.</returns>
    public bool Poll()
    {
        if (cpu.InstructionCount < _alertAt)
        {
            return false;
        }

        Settle();
        ulong control = Control;
        control |= (control & FreezeOnEvent) != 0 ? Freeze : 0;
        bool alerts = (control & AlertEnable) != 0;
        if (alerts)
        {
            control = (control & ~AlertEnable) | AlertOccurred;
            state->Spr[SprNumber.MachineSiar] = state->Pc;
            state->Spr[SprNumber.Sier] = SampledAddressValid | ((state->Msr & MsrBits.Pr) != 0 ? SampledProblem : 0);
        }

        state->Spr[SprNumber.MachineMmcr0] = control;
        Decide();
        return alerts && (control & EventBased) != 0;
    }

    /// <summary>Reads a register by its privileged number.</summary>
    public ulong Read(int spr)
    {
        if (spr is >= SprNumber.MachinePmc1 and <= SprNumber.MachinePmc6)
        {
            Settle();
        }

        return state->Spr[spr];
    }

    /// <summary>Writes a register by its privileged number.</summary>
    public void Write(int spr, ulong value)
    {
        Settle(InstructionsBegun());
        state->Spr[spr] = spr is >= SprNumber.MachinePmc1 and <= SprNumber.MachinePmc6 ? (uint)value : value;
        Decide();
        cpu.LookUp();
    }

    /// <summary>What problem state sees of a register that it may read.</summary>
    public static ulong ProblemMask(int spr) => spr switch
    {
        SprNumber.MachineMmcr0 => ProblemBits,
        SprNumber.MachineMmcr2 => 0x4020_1008_0402_0000,
        _ => ulong.MaxValue,
    };

    /// <summary>
    /// MMCR0[PMCC]: whether problem state has the facility for a register. PMC1 to 6, MMCR0, MMCR2 and MMCRA are group A, the others B.
    /// </summary>
    public bool AllowsProblemState(int spr) => (Access)((Control >> AccessShift) & 3) switch
    {
        Access.None => false,
        Access.ReadWriteButLastTwo => spr is not (SprNumber.MachinePmc6 or SprNumber.MachinePmc6 - 1),
        _ => true,
    };

    /// <summary>True when problem state may not write what it may read: to write is then an illegal instruction.</summary>
    public bool IsReadOnlyToProblemState => (Access)((Control >> AccessShift) & 3) == Access.ReadOnly;

    /// <summary>The instruction at work counts in the state it began in, unless it has been counted.</summary>
    private long InstructionsBegun() => cpu.InstructionCount + (state->Current != null ? 1 : 0);

    private void Settle(long now)
    {
        long elapsed = now - _since;
        _since = now;
        for (int n = 0; n < Counters; n++)
        {
            if ((_counting >> n & 1) != 0)
            {
                ref ulong counter = ref state->Spr[SprNumber.MachinePmc1 + n];
                counter = (uint)(counter + (ulong)elapsed);
            }
        }
    }

    /// <summary>Which counters run in the present state, and when one of them will raise an alert.</summary>
    private void Decide()
    {
        _counting = 0;
        _alertAt = long.MaxValue;
        ulong control = Control;
        bool frozen = IsFrozen(control);
        bool listens = (control & AlertEnable) != 0 || (control & (FreezeOnEvent | Freeze)) == FreezeOnEvent;
        for (int n = 0; n < Counters; n++)
        {
            bool counts = !frozen && !IsFrozen(control, n) && CountsInstructions(n);
            _counting |= counts ? 1u << n : 0;
            uint value = (uint)state->Spr[SprNumber.MachinePmc1 + n];
            if (listens && (control & (n == 0 ? FirstEnable : OthersEnable)) != 0 && (counts || value >= Negative))
            {
                _alertAt = Math.Min(_alertAt, value >= Negative ? _since : _since + (Negative - value));
            }
        }
    }

    private bool IsFrozen(ulong control)
    {
        bool problem = (state->Msr & MsrBits.Pr) != 0;
        bool byState = problem
            ? ((control & FreezeProblem) != 0) != ((control & FreezeProblemConditional) != 0)
            : (control & FreezePrivileged) != 0;
        bool byMark = (control & ((state->Msr & MsrBits.Pm) != 0 ? FreezeMarked : FreezeUnmarked)) != 0;
        return (control & Freeze) != 0 || byState || byMark;
    }

    /// <summary>MMCR2 has nine bits a counter: freeze privileged, problem, -, marked, unmarked, waiting. MMCR0 has its own for waiting and PMC5, 6.</summary>
    private bool IsFrozen(ulong control, int counter)
    {
        const int BitsOfCounter = 9;
        ulong bits = state->Spr[SprNumber.MachineMmcr2] << (BitsOfCounter * counter);
        bool waits = (state->Spr[SprNumber.Ctrl] & Run) == 0;
        int byState = (state->Msr & MsrBits.Pr) != 0 ? 1 : 0;
        int byMark = (state->Msr & MsrBits.Pm) != 0 ? 3 : 4;
        const int Waiting = 5;
        if (Bit(byState) || Bit(byMark) || (waits && Bit(Waiting)))
        {
            return true;
        }

        return counter >= LastTwo
            ? (control & FreezeLastTwo) != 0 || (waits && (control & LastTwoAlways) == 0)
            : waits && (control & FreezeWaiting) != 0;

        bool Bit(int n) => (bits >> (63 - n) & 1) != 0;
    }

    /// <summary>
    /// True when the counter's event is instructions or cycles, which are the same here. MMCR1 chooses for PMC1 to 4; PMC5 counts instructions,
    /// PMC6 cycles. Those of the run latch need CTRL[RUN].
    /// </summary>
    private bool CountsInstructions(int counter)
    {
        if (counter >= LastTwo)
        {
            return true;
        }

        uint selected = (uint)(state->Spr[SprNumber.MachineMmcr1] >> (24 - (8 * counter))) & 0xff;
        bool runs = (state->Spr[SprNumber.Ctrl] & Run) != 0;
        return (counter, selected) switch
        {
            (_, 0x02 or 0x1e) => true,
            (0, 0xf0 or 0xfe) => true,
            (1 or 2, 0xf2) => true,
            (1, 0xf4) or (3, 0xfa) => runs,
            _ => false,
        };
    }
}

using Firmament.Core.Memory;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Exceptions;

/// <summary>The 74xx: 32-bit OEA. Source: PEM chapter 6, MPC7450 RM chapters 2 and 4.</summary>
internal sealed unsafe class ClassicFamily : CpuFamily
{
    /// <summary>MSR bits that go to SRR1, and that rfi brings back (PEM 6.3, table 6-7): 0, 5:9, 16:31.</summary>
    private const uint SavedMsr = 0x87c0_ffff;

    private readonly Cpu _cpu;
    private readonly CpuState* _s;
    private readonly HashMmu _mmu;

    /// <summary>Makes the parts of a 74xx.</summary>
    public ClassicFamily(Cpu cpu, CpuState* state, GuestMemory ram)
    {
        _cpu = cpu;
        _s = state;
        _mmu = new HashMmu(state, ram);
        Sprs = new ClassicSprFile(cpu, this, state, cpu.Model);
    }

    /// <inheritdoc/>
    public override SoftwareMmu Mmu => _mmu;

    /// <inheritdoc/>
    public override ISprFile Sprs { get; }

    /// <inheritdoc/>
    public override CpuMode Mode => (_s->Msr & MsrBits.Le) != 0 ? CpuMode.ClassicLittle : CpuMode.Classic;

    /// <inheritdoc/>
    public override bool MustStep
    {
        get
        {
            const uint BreakpointEnabled = 2;
            return (_s->Msr & (MsrBits.Se | MsrBits.Be)) != 0 || (_s->Spr[SprNumber.Iabr] & BreakpointEnabled) != 0;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _s->Msr = MsrBits.Ip;
        _s->Pc = 0xfff0_0100;
        _s->Spr[SprNumber.Pvr] = _cpu.Model.Pvr;
        _s->Spr[SprNumber.Hid1] = 0x7000_0000;
    }

    /// <inheritdoc/>
    public override void Reload() => ReloadTranslation();

    /// <summary>Tells the MMU about SDR1 and the BATs.</summary>
    public void ReloadTranslation()
    {
        const uint HighBatEnable = 0x0080_0000;
        const uint ExtendedBlockSize = 0x0000_0100;
        bool hasHighBats = (_cpu.Model.Features & CpuFeatures.HighBats) != 0;
        bool high = hasHighBats && (_s->Spr[SprNumber.Hid0] & HighBatEnable) != 0;
        bool extended = hasHighBats && (_s->Spr[SprNumber.Hid0] & ExtendedBlockSize) != 0;
        _mmu.ReloadRegisters(high, extended);
    }

    /// <inheritdoc/>
    public override void WriteMsr(ulong value)
    {
        _s->Msr = value & MsrBits.Implemented74xx & ~MsrBits.Pow;
        _cpu.ContextChanged();
        // HID0[NAP | SLEEP], and DOZE on the 7400 family: without one of them POW has no effect (MPC7450 RM 2.1.5.1). The bit that
        // is DOZE there enables the high BATs here.
        uint powerModes = _cpu.Model.Is745X ? 0x0060_0000u : 0x00e0_0000u;
        if ((value & MsrBits.Pow) != 0 && (_s->Spr[SprNumber.Hid0] & powerModes) != 0)
        {
            _cpu.Wait();
        }
    }

    /// <inheritdoc/>
    public override void MoveToMsr(ulong value, ulong mask) => WriteMsr((uint)value);

    /// <inheritdoc/>
    public override void ReturnFromInterrupt(Insn* i, ReturnKind kind)
    {
        uint srr1 = (uint)_s->Spr[SprNumber.Srr1];
        uint msr = (uint)_s->Msr & ~(SavedMsr | (uint)MsrBits.Pow);
        _s->Pc = (uint)_s->Spr[SprNumber.Srr0] & ~3u;
        _s->Exit |= CpuState.ExitPcSet;
        WriteMsr(msr | (srr1 & SavedMsr));
    }

    /// <inheritdoc/>
    public override void Take(uint vector, ulong returnAddress, ulong srr1)
    {
        _s->Spr[SprNumber.Srr0] = (uint)returnAddress;
        _s->Spr[SprNumber.Srr1] = ((uint)_s->Msr & SavedMsr) | (uint)srr1;
        ulong msr = _s->Msr & (MsrBits.Ile | MsrBits.Me | MsrBits.Ip);
        if ((msr & MsrBits.Ile) != 0)
        {
            msr |= MsrBits.Le;
        }

        if (vector == Vector.MachineCheck)
        {
            msr &= ~MsrBits.Me;
        }

        _s->Pc = ((msr & MsrBits.Ip) != 0 ? 0xfff0_0000u : 0) | vector;
        _s->Msr = msr;
        _cpu.InterruptTaken(vector);
    }

    /// <inheritdoc/>
    public override void DataFault(Insn* i, ulong ea, StorageFault fault) => Interrupts.DataStorage(_s, i, ea, fault.Bits);

    /// <inheritdoc/>
    public override void FetchFault(ulong pc, StorageFault fault) => Take(Vector.InstructionStorage, pc, fault.Bits);

    /// <summary>Alignment interrupt; DSISR describes the instruction (PEM 6.4.6).</summary>
    public override void Alignment(Insn* i, ulong ea)
    {
        uint word = i->Word;
        uint dsisr = word >> 26 == 31
            ? ((word << 14) & 0x18000) | ((word << 8) & 0x4000) | ((word << 3) & 0x3c00)
            : ((word >> 12) & 0x4000) | ((word >> 17) & 0x3c00);
        _s->Spr[SprNumber.Dar] = ea;
        _s->Spr[SprNumber.Dsisr] = dsisr | ((word >> 16) & 0x3ff);
        Take(Vector.Alignment, Interrupts.AddressOf(_s, i), 0);
    }

    /// <summary>With MSR[ME] clear the CPU stops for good.</summary>
    public override void MachineCheck(ulong address)
    {
        if ((_s->Msr & MsrBits.Me) == 0)
        {
            _cpu.Checkstop(address);
            return;
        }

        // SRR1 bit 13: transfer error acknowledge (MPC7450 RM table 4-8).
        Take(Vector.MachineCheck, address, 0x0004_0000);
    }

    /// <inheritdoc/>
    public override void SystemCall(Insn* i, ulong next, int level) => Take(Vector.SystemCall, next, 0);

    /// <inheritdoc/>
    public override bool InterruptWaits => _cpu.ExternalInterrupt || _cpu.TimeBase.DecrementerPending;

    /// <inheritdoc/>
    public override void DeliverInterrupts()
    {
        if (!InterruptWaits)
        {
            DeliverEnabledException();
            return;
        }

        // A CPU in nap wakes for an interrupt whether or not EE lets it be taken.
        _cpu.Wake();
        if ((_s->Msr & MsrBits.Ee) == 0)
        {
            DeliverEnabledException();
            return;
        }

        if (_cpu.ExternalInterrupt)
        {
            Take(Vector.External, _s->Pc, 0);
        }
        else
        {
            _cpu.TimeBase.AcknowledgeDecrementer();
            Take(Vector.Decrementer, _s->Pc, 0);
        }
    }

    /// <inheritdoc/>
    public override bool BreaksAt(ulong pc)
    {
        uint iabr = (uint)_s->Spr[SprNumber.Iabr];
        if ((iabr & 2) == 0 || (iabr & ~3u) != pc || ((iabr & 1) != 0) != ((_s->Msr & MsrBits.Ir) != 0))
        {
            return false;
        }

        Take(Vector.InstructionAddressBreakpoint, pc, 0);
        return true;
    }

    /// <inheritdoc/>
    public override void Completed(ulong address, ulong msr, bool traced)
    {
        if (traced)
        {
            Take(Vector.Trace, _s->Pc, 0);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _mmu.Dispose();

    /// <summary>
    /// rfi or mtmsr that sets FE0 or FE1 while FPSCR[FEX] stands: the program interrupt comes before the next instruction, and SRR1[15]
    /// says that SRR0 points past the cause (PEM 6.4.7).
    /// </summary>
    private void DeliverEnabledException()
    {
        const uint Fex = 0x4000_0000;
        const uint PointsPast = 0x0001_0000;
        if ((_s->Msr & (MsrBits.Fe0 | MsrBits.Fe1)) != 0 && (_s->Msr & MsrBits.Fp) != 0 && (_s->Fpscr & Fex) != 0)
        {
            Take(Vector.Program, _s->Pc, (uint)ProgramReason.FloatingPoint | PointsPast);
        }
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>The same program gives the same state, whatever dispatches it and however its run is cut.</summary>
public sealed class DeterminismTests
{
    private const int Instructions = 60_000;

    private static CpuRig Program(EngineMode engine)
    {
        CpuRig rig = new(engine: engine);
        // The decrementer's handler counts and rearms; the main loop computes, calls, stores into its own code, takes traps and MMIO faults.
        Assembler decrementer = new(0x900);
        decrementer.Addi(20, 20, 1);
        decrementer.Li(21, 9);
        decrementer.Mtspr(22, 21);
        decrementer.Rfi();
        Assembler skip = new(0x700);
        skip.Mfsrr0(21);
        skip.Addi(21, 21, 4);
        skip.Mtsrr0(21);
        skip.Rfi();
        foreach (Assembler handler in (Assembler[])[decrementer, skip])
        {
            rig.Ram.TryWrite(new PhysicalAddress(handler.AddressOf(handler.LabelHere()) - (uint)handler.ToArray().Length), handler.ToArray());
        }

        rig.Load(static a =>
        {
            a.Li(21, 9);
            a.Mtspr(22, 21);
            AssemblerLabel loop = a.LabelHere();
            AssemblerLabel function = a.NewLabel();
            a.Mftb(6, 268);
            a.Add(7, 7, 6, rc: true);
            a.Bl(function);
            a.Rlwinm(9, 3, 2, 20, 29);
            a.Stwx(7, 9, 31);
            a.Tw(4, 3, 3);
            a.LoadImmediate(11, 0x3863_0001);
            a.Rlwimi(11, 3, 0, 30, 31);
            a.Stw(11, 0, 30);
            a.Vaddubm(1, 1, 1);
            a.Fadd(1, 1, 2);
            a.Mfspr(12, 22);
            a.Add(13, 13, 12);
            a.B(loop);
            a.Align(4096);
            a.Bind(function);
            a.Addi(3, 3, 1);
            a.Lwz(8, 0, 31);
            a.Xor(7, 7, 8);
            a.Blr();
        });
        rig[30] = CpuRig.CodeAt + 0x1000;
        rig[31] = CpuRig.DataAt;
        rig.Cpu.Msr = 0x0200_b000;
        return rig;
    }

    private static string Hash(CpuRig rig)
    {
        HashVisitor hash = new();
        rig.Cpu.Visit(hash);
        rig.Ram.Visit(hash);
        return hash.Result;
    }

    private static string Run(EngineMode engine, Func<long> slice)
    {
        using CpuRig rig = Program(engine);
        for (long done = 0; done < Instructions;)
        {
            long ran = rig.Cpu.Run(Math.Min(slice(), Instructions - done));
            rig.Clock.AdvanceTo(rig.Clock.Now + new VirtualTime(ran));
            done += ran;
        }

        Assert.True(rig[20] > 100, "the decrementer hardly interrupted");
        rig.Cpu.Run(0);
        return Hash(rig);
    }

    [Fact]
    public void Any_slicing_on_any_engine_ends_in_the_same_state()
    {
        string whole = Run(EngineMode.TailCalls, static () => Instructions);
        Assert.Equal(whole, Run(EngineMode.Loop, static () => Instructions));
        Assert.Equal(whole, Run(EngineMode.Translated, static () => Instructions));
        Assert.Equal(whole, Run(EngineMode.TailCalls, static () => 1));
        for (ulong seed = 1; seed < 12; seed++)
        {
            Differential.Noise noise = new(seed);
            int most = (int)(3 * seed * seed);
            Assert.Equal(whole, Run((EngineMode)(seed % 3), () => 1 + noise.Below(most)));
        }
    }
}

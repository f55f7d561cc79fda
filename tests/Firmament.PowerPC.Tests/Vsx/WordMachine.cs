using System.Runtime.InteropServices;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.Vsx;

/// <summary>A bare register file with every facility on that runs instruction words through decoder and handlers.</summary>
internal sealed unsafe class WordMachine : IDisposable
{
    private static readonly Decoder Everything = new((CpuFeatures)int.MaxValue);

    private readonly HandlerTable _handlers = HandlerTable.Create(CpuMode.Big, tailCalls: false);

    // SAFETY: allocated here, freed in Dispose.
    private readonly CpuState* _state = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));

    public WordMachine() => Clear();

    public CpuState* State => _state;

    public uint Fpscr
    {
        get => _state->Fpscr;
        set => _state->Fpscr = value;
    }

    public uint Cr => _state->GetCr();

    /// <summary>VSR <paramref name="n"/>; a VR is n + 32.</summary>
    public UInt128 this[int n]
    {
        get => new(_state->Vsr[(2 * n) + 1], _state->Vsr[2 * n]);
        set
        {
            _state->Vsr[(2 * n) + 1] = (ulong)(value >> 64);
            _state->Vsr[2 * n] = (ulong)value;
        }
    }

    public void Clear()
    {
        *_state = default;
        _state->Msr = MsrBits.Vec | MsrBits.Vsx | MsrBits.Fp;
    }

    public void Execute(uint word)
    {
        Insn insn = default;
        Opcode opcode = Everything.Decode(word, ref insn);
        Assert.NotEqual(Opcode.Illegal, opcode);
        Assert.True(_handlers[opcode](_state, &insn) == &insn + 1);
    }

    public void Dispose()
    {
        NativeMemory.Free(_state);
        _handlers.Dispose();
    }
}

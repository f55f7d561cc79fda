using System.Runtime.InteropServices;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>A CPU state in unmanaged memory, its vector registers read and written as the manuals draw them.</summary>
internal sealed unsafe class VectorMachine : IDisposable
{
    public CpuState* State { get; } = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);

    public VectorMachine() => Bytes.Clear();

    public Span<byte> Bytes => new(State, sizeof(CpuState));

    public Quadword this[int register]
    {
        get => new(new UInt128(State->Vsr[64 + (2 * register) + 1], State->Vsr[64 + (2 * register)]));
        set
        {
            State->Vsr[64 + (2 * register) + 1] = (ulong)(value.Value >> 64);
            State->Vsr[64 + (2 * register)] = (ulong)value.Value;
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(State);
}

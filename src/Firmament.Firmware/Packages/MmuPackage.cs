namespace Firmament.Firmware.Packages;

/// <summary>
/// The memory management unit in real mode (PowerPC binding to IEEE 1275, 7.1): every virtual address is its physical address,
/// so only identity mappings can be made, and translations always exist.
/// </summary>
/// <remarks>Attached to the cpu node, whose instance `/chosen` `mmu` names. Virtual ranges are claimed apart from physical ones, as clients do.</remarks>
public sealed class MmuPackage : IPackage
{
    // WIMG = M, PP = read and write: what Linux and zImage pass to `map`.
    private const uint MemoryMode = 0x12;

    private static readonly MethodTable<MmuPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "claim", "size align -- base", static (mmu, call) => MemoryPackage.Claim(mmu._virtual, call) },
        { "release", "virt size --", static (mmu, call) => mmu.Release(call) },
        { "map", "phys virt size mode --", static (_, call) => Map(call) },
        { "unmap", "virt size --", static (_, call) => Drop(call, 2) },
        { "modify", "virt size mode --", static (_, call) => Drop(call, 3) },
        { "translate", "virt -- false | phys mode true", static (_, call) => Translate(call) },
    };

    private readonly MemoryAllocator _virtual = new(1UL << 32);

    /// <summary>Virtual addresses, claimed or free.</summary>
    internal MemoryAllocator VirtualMemory => _virtual;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private int Release(MethodCall call)
    {
        uint size = call.Stack.Pop();
        return _virtual.TryRelease(call.Stack.Pop(), size) ? CatchResult.Ok : CatchResult.Abort;
    }

    private static int Map(MethodCall call)
    {
        _ = call.Stack.Pop();
        _ = call.Stack.Pop();
        uint virt = call.Stack.Pop();
        uint phys = call.Stack.Pop();
        return virt == phys ? CatchResult.Ok : CatchResult.Abort;
    }

    private static int Drop(MethodCall call, int cells)
    {
        for (int i = 0; i < cells; i++)
        {
            _ = call.Stack.Pop();
        }

        return CatchResult.Ok;
    }

    private static int Translate(MethodCall call)
    {
        uint virt = call.Stack.Pop();
        call.Stack.Push(virt);
        call.Stack.Push(MemoryMode);
        call.Stack.Push(true);
        return CatchResult.Ok;
    }
}

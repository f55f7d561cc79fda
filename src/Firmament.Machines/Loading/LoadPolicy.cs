namespace Firmament.Machines.Loading;

/// <summary>Which kernels a machine starts, and where it puts those that can lie anywhere.</summary>
/// <param name="Takes64Bit">The CPU runs 64-bit kernels, which may be little-endian: their first instructions are big-endian or switch by themselves.</param>
/// <param name="KernelBase">Where a kernel goes that starts at physical 0 and is linked for its virtual address or for none; 0 = in place.</param>
/// <param name="LowestInitrd">No initrd lies below this address.</param>
/// <param name="MostMemory">Memory a machine of this kind can have, in bytes.</param>
public sealed record LoadPolicy(bool Takes64Bit, ulong KernelBase, ulong LowestInitrd, ulong MostMemory)
{
    /// <summary>Also other programs linked for address 0 go to <see cref="KernelBase"/>, as QEMU does: they can run anywhere.</summary>
    public bool MovesAnyFromZero { get; init; }

    /// <summary>pegasos2: kernels in place; the initrd where newer QEMU puts it.</summary>
    public static LoadPolicy Pegasos2 { get; } = new(false, 0, 0x60_0000, 0x8000_0000);

    /// <summary>pseries: a vmlinux, or a little-endian zImage, at 4 MiB, as QEMU's kernel-addr; big-endian zImage and boot loaders where they are linked.</summary>
    public static LoadPolicy Pseries { get; } = new(true, 0x40_0000, 0x60_0000, 1UL << 40);
}

using Firmament.Core.Memory;

namespace Firmament.PowerPC;

/// <summary>One CPU as firmware and debuggers see it, between instructions.</summary>
public interface IProcessor
{
    /// <summary>Reads general register <paramref name="index"/> (0 to 31); 32-bit CPUs use the low half.</summary>
    ulong ReadGpr(int index);

    /// <summary>Writes general register <paramref name="index"/> (0 to 31).</summary>
    void WriteGpr(int index, ulong value);

    /// <summary>
    /// The effective address of the next instruction. During a system call it is already the address after `sc`.
    /// Setting it transfers control.
    /// </summary>
    ulong Pc { get; set; }

    /// <summary>The machine state register.</summary>
    ulong Msr { get; set; }

    /// <summary>The link register.</summary>
    ulong Lr { get; set; }

    /// <summary>Processor number, 0 first.</summary>
    int Index { get; }

    /// <summary>True on 64-bit CPUs.</summary>
    bool Is64Bit { get; }

    /// <summary>Translates a data address as the CPU's current mode would, without raising an interrupt.</summary>
    /// <param name="effectiveAddress">As the guest passed it.</param>
    /// <param name="write">True for a store.</param>
    /// <param name="physicalAddress">The result.</param>
    /// <returns>False where the access would fault.</returns>
    bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress);
}

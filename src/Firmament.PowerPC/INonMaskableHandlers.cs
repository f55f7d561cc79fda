namespace Firmament.PowerPC;

/// <summary>A hypervisor's say in a partition's system reset and machine check interrupts (LoPAPR 1.1 7.3.14, FWNMI). Machine's thread only.</summary>
public interface INonMaskableHandlers
{
    /// <summary>
    /// A machine check is due. False when it must wait for another CPU's to be handled: the instruction is then tried again.
    /// </summary>
    bool MayBegin(IPartitionProcessor processor);

    /// <summary>A system reset is being taken; SRR0 and SRR1 are saved, r3 may be changed.</summary>
    /// <returns>The handler's logical real address; null for the architected vector.</returns>
    ulong? BeginSystemReset(IPartitionProcessor processor);

    /// <summary>A machine check is being taken, after <see cref="MayBegin"/>; SRR0 and SRR1 are saved, r3 may be changed.</summary>
    /// <returns>The handler's logical real address; null for the architected vector.</returns>
    ulong? BeginMachineCheck(IPartitionProcessor processor);
}

namespace Firmament.Firmware.Architecture;

/// <summary>How a partition's operating system translates addresses.</summary>
public enum MmuMode
{
    /// <summary>A hashed page table that the hypervisor keeps.</summary>
    Hash,

    /// <summary>Radix trees behind a process table that the guest keeps.</summary>
    Radix,
}

using Firmament.Firmware.Architecture;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware;

/// <summary>What a machine or its user chooses about the firmware.</summary>
public sealed record FirmwareOptions
{
    /// <summary>How guest code reaches the host.</summary>
    public HypercallConvention Convention { get; init; } = HypercallConvention.Papr;

    /// <summary>The device opened as stdin and stdout; must have a package with an "open" method.</summary>
    public required string ConsolePath { get; init; }

    /// <summary>`/chosen` `bootargs`, and the client's argument string. Null leaves the property as it is.</summary>
    public string? BootArguments { get; init; }

    /// <summary>`/chosen` `bootpath`. Null leaves the property as it is.</summary>
    public string? BootPath { get; init; }

    /// <summary>The RTAS calls of this machine; null for a machine without RTAS.</summary>
    public RtasCalls? Rtas { get; init; }

    /// <summary>Where the handler and stack go: a page-aligned address, or null for the lowest free memory.</summary>
    public uint? Base { get; init; }

    /// <summary>Aligned claims get no memory below this address.</summary>
    public uint LowestAlignedClaim { get; init; } = 0x4000;

    /// <summary>Bytes of stack for the client; at least 32 KiB (PowerPC binding 8.2.1).</summary>
    public uint StackSize { get; init; } = 0x10000;

    /// <summary>Stop the machine at the first RTAS call that is not known or has the wrong counts.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// What the root node answers to `ibm,client-architecture-support`; null for a machine without it, whose root has no such method.
    /// </summary>
    public IArchitectureHost? Architecture { get; init; }

    /// <summary>
    /// Answer a PAPR hypercall from problem state with H_PRIVILEGE, as a partition's hypervisor does, instead of leaving it to the CPU.
    /// </summary>
    public bool AnswersProblemState { get; init; }

    /// <summary>Most steps of Forth in one call: a client's "interpret", a method. What the user types has no limit but Ctrl-C.</summary>
    public long ForthSteps { get; init; } = 100_000_000;

    /// <summary>Bytes of guest memory that Forth claims when it is first used; it makes do with less.</summary>
    public uint ForthMemory { get; init; } = 512 * 1024;
}

using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;

namespace Firmament.Firmware.Architecture;

/// <summary>
/// Client architecture support (LoPAPR 1.1 appendix B.6.2.3): reads what the client can, and agrees with the platform's offer. A request
/// that cannot be met fails and changes nothing; the client goes on as it began.
/// </summary>
public static class ArchitectureNegotiation
{
    private const int Vector1 = 1;

    // Option vector 1, byte 3: Power ISA 3.00.
    private const int NewerIsaByte = 3;
    private const byte Isa300 = 0x80;

    /// <summary>Serves the call for a client of Open Firmware.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="firmware">Gets the answer in `/chosen`, and a new console handle.</param>
    /// <param name="space">What <paramref name="address"/> means.</param>
    /// <param name="address">Of the client's vector.</param>
    /// <returns>A PAPR status.</returns>
    public static long Run(IArchitectureHost host, OpenFirmware firmware, GuestAddressSpace space, ulong address)
    {
        long status = Run(host, firmware.Tree, space, address);
        if (status == PaprStatus.Success)
        {
            firmware.ReopenConsole();
        }
        else
        {
            firmware.Platform.Tracer.GuestError("client", $"ibm,client-architecture-support with the vector at 0x{address:x}: status {status}");
        }

        return status;
    }

    /// <summary>Serves the call for a machine that runs a firmware of its own, which flattens the tree afterwards.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="tree">Gets the answer in `/chosen`.</param>
    /// <param name="space">What <paramref name="address"/> means.</param>
    /// <param name="address">Of the client's vector.</param>
    /// <returns>A PAPR status.</returns>
    public static long Run(IArchitectureHost host, DeviceTree.DeviceTree tree, GuestAddressSpace space, ulong address)
    {
        if (host.AnotherProcessorRuns(space.Processor))
        {
            return PaprStatus.MultipleThreadsActive;
        }

        if (!ArchitectureVector.TryRead(space, address, out ArchitectureVector? vector))
        {
            return PaprStatus.Parameter;
        }

        long status = Negotiate(vector, host.Offer, out ClientArchitecture agreed);
        if (status == PaprStatus.Success)
        {
            host.Apply(agreed);
            (tree.Root.Child("chosen") ?? tree.Root.AddChild("chosen")).Set("ibm,architecture-vec-5", agreed.Answer.ToProperty());
        }

        return status;
    }

    /// <summary>Agrees upon an architecture.</summary>
    /// <param name="vector">What the client can.</param>
    /// <param name="offer">What the platform can.</param>
    /// <param name="agreed">The outcome, when the status is success.</param>
    /// <returns>
    /// H_SUCCESS; H_HARDWARE when the client runs on no level of this CPU; H_PARAMETER when an option vector is missing, or asks for a
    /// mode that is invalid or not there.
    /// </returns>
    public static long Negotiate(ArchitectureVector vector, ArchitectureOffer offer, out ClientArchitecture agreed)
    {
        agreed = new ClientArchitecture();
        uint level = offer.Levels.LastOrDefault(vector.Accepts);
        if (level == 0 && !(offer.AllowsChip && vector.Accepts(offer.Pvr)))
        {
            return PaprStatus.Hardware;
        }

        if (vector.Find(Vector1) is not { } isa || vector.Find(OptionVector5.Number) is not { } asked
            || (asked[OptionVector5.Interrupts] & OptionVector5.Either) != 0 || (asked[OptionVector5.Mmu] & OptionVector5.Either) != 0)
        {
            return PaprStatus.Parameter;
        }

        InterruptMode interrupts = asked.Has(OptionVector5.Interrupts, OptionVector5.Newer) ? InterruptMode.Xive : InterruptMode.Xics;
        MmuMode mmu = asked.Has(OptionVector5.Mmu, OptionVector5.Newer) ? MmuMode.Radix : MmuMode.Hash;
        if (!offer.Interrupts.Contains(interrupts) || !offer.Mmus.Contains(mmu)
            || (mmu == MmuMode.Radix && level != 0 && !LogicalPvr.IsAtLeast(level, LogicalPvr.Isa300)))
        {
            return PaprStatus.Parameter;
        }

        bool invalidates = mmu == MmuMode.Radix && asked.Has(OptionVector5.RadixExtensions, OptionVector5.GuestInvalidates);
        agreed = new ClientArchitecture
        {
            LogicalPvr = level,
            Interrupts = interrupts,
            Mmu = mmu,
            GuestInvalidates = invalidates,
            KnowsIsa300 = isa.Has(NewerIsaByte, Isa300),
            Answer = offer.Options.Intersect(asked)
                .With(OptionVector5.Interrupts, interrupts == InterruptMode.Xive ? OptionVector5.Newer : (byte)0)
                .With(OptionVector5.Mmu, mmu == MmuMode.Radix ? OptionVector5.Newer : (byte)0)
                .With(OptionVector5.RadixExtensions, invalidates ? OptionVector5.GuestInvalidates : (byte)0),
        };
        return PaprStatus.Success;
    }
}

using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Firmware.Hypercalls;

/// <summary>
/// PAPR hypercalls (LoPAPR 1.1 chapter 14): `sc 1` in supervisor state, number in r3, arguments from r4, status in r3, results from r4.
/// In user state the call is not taken, and the CPU does what it does with `sc 1`; a machine whose CPU is a partition's answers
/// H_PRIVILEGE there instead (<see cref="FirmwareOptions.AnswersProblemState"/>).
/// </summary>
public sealed class PaprHypercalls : HypercallFrontEnd
{
    /// <summary>H_RTAS.</summary>
    public const uint RtasToken = 0xf000;

    /// <summary>The client interface; the number QEMU's Virtual Open Firmware uses.</summary>
    public const uint ClientToken = 0xf005;

    /// <summary>The firmware's own program; a number in the range PAPR leaves to a hypervisor's own calls.</summary>
    public const uint ShellToken = 0xf0f1;

    private const uint LogicalMemoryOperation = 0xf001;

    // Logical real addresses may carry mode bits in the top 4 bits.
    private const ulong RealAddressMask = ulong.MaxValue >> 4;

    private const ulong SixtyFourBitMode = 1UL << 63;
    private const ulong DataRelocate = 0x10;

    internal PaprHypercalls(ServiceDispatcher services)
        : base(services, "papr", firstArgument: 4, firstResult: 4)
    {
        Table.Add(RtasToken, "H_RTAS", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallRtas(call.Processor, RealAddress(call)));
        Table.Add(ClientToken, "client", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallClient(call.Processor, EffectiveAddress(call)));
        Table.Add(ShellToken, "shell", 0, 0, HypercallAccess.Carrier, static call => call.Services.RunShell(call.Processor));
        Table.Add(LogicalMemoryOperation, "H_LOGICAL_MEMOP", 5, 0, static call => LogicalMemoryCopy(call));
    }

    /// <inheritdoc/>
    public override bool TryIntercept(IProcessor cpu, int level)
    {
        if (level != 1)
        {
            return false;
        }

        if (!IsUserState(cpu) || !Services.Firmware.Options.AnswersProblemState)
        {
            return TryServe(cpu, ReadNumber(cpu, 3), PaprStatus.Function);
        }

        Services.Platform.Tracer.GuestError("papr", $"call 0x{ReadNumber(cpu, 3):x} from problem state (at 0x{cpu.Pc:x})");
        cpu.WriteGpr(3, unchecked((ulong)PaprStatus.Privilege));
        return true;
    }

    /// <summary>The first argument as a real address. A caller in 32-bit mode has 32 bits of it; what else the register holds is left over.</summary>
    private static ulong RealAddress(HypercallCall call) =>
        (call.Processor.Msr & SixtyFourBitMode) == 0 ? (uint)call[0] : call[0] & RealAddressMask;

    /// <summary>The first argument as the caller's data address. Real mode ignores the top bits (Power ISA 3.0B Book III 5.7.3).</summary>
    private static ulong EffectiveAddress(HypercallCall call) => (call.Processor.Msr & (SixtyFourBitMode | DataRelocate)) switch
    {
        SixtyFourBitMode | DataRelocate => call[0],
        SixtyFourBitMode => call[0] & RealAddressMask,
        _ => (uint)call[0],
    };

    /// <summary>H_LOGICAL_MEMOP: destination, source, log2 of the element's bytes, elements, 0 copy or 1 invert. Ranges may overlap.</summary>
    private static long LogicalMemoryCopy(HypercallCall call)
    {
        GuestMemory ram = call.Services.Platform.Ram;
        (ulong destination, ulong source) = (call[0] & RealAddressMask, call[1] & RealAddressMask);
        (ulong shift, ulong count, ulong operation) = (call[2], call[3], call[4]);
        if (shift > 3 || operation > 1 || count > ram.Size >> (int)shift)
        {
            return PaprStatus.Parameter;
        }

        ulong size = count << (int)shift;
        ulong alignment = (1UL << (int)shift) - 1;
        if (((destination | source) & alignment) != 0 || !ram.Contains(destination, size) || !ram.Contains(source, size))
        {
            return PaprStatus.Parameter;
        }

        Span<byte> chunk = stackalloc byte[4096];
        bool backwards = destination > source;
        for (ulong done = 0; done < size;)
        {
            int run = (int)Math.Min(size - done, (ulong)chunk.Length);
            ulong offset = backwards ? size - done - (ulong)run : done;
            Span<byte> bytes = chunk[..run];
            _ = ram.TryRead(new PhysicalAddress(source + offset), bytes);
            if (operation == 1)
            {
                foreach (ref byte b in bytes)
                {
                    b = (byte)~b;
                }
            }

            _ = ram.TryWrite(new PhysicalAddress(destination + offset), bytes);
            done += (ulong)run;
        }

        return PaprStatus.Success;
    }
}

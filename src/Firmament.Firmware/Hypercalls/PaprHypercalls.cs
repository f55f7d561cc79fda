using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Firmware.Hypercalls;

/// <summary>
/// PAPR hypercalls (LoPAPR 1.1 chapter 14): `sc 1` in supervisor state, number in r3, arguments from r4, status in r3, results from r4.
/// In user state the call is not taken, and the CPU does what it does with `sc 1`.
/// </summary>
public sealed class PaprHypercalls : HypercallFrontEnd
{
    /// <summary>H_RTAS.</summary>
    public const uint RtasToken = 0xf000;

    /// <summary>The client interface; the number QEMU's Virtual Open Firmware uses.</summary>
    public const uint ClientToken = 0xf005;

    /// <summary>H_SUCCESS.</summary>
    public const long Success = 0;

    /// <summary>H_FUNCTION: there is no such hypercall.</summary>
    public const long Function = -2;

    /// <summary>H_PARAMETER.</summary>
    public const long Parameter = -4;

    private const uint LogicalMemoryOperation = 0xf001;

    // Logical real addresses may carry mode bits in the top 4 bits.
    private const ulong RealAddressMask = ulong.MaxValue >> 4;

    internal PaprHypercalls(ServiceDispatcher services)
        : base(services, "papr", firstArgument: 4, firstResult: 4)
    {
        Table.Add(RtasToken, "H_RTAS", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallRtas(call.Processor, call[0] & RealAddressMask));
        Table.Add(ClientToken, "client", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallClient(call.Processor, call[0]));
        Table.Add(LogicalMemoryOperation, "H_LOGICAL_MEMOP", 5, 0, static call => LogicalMemoryCopy(call));
    }

    /// <inheritdoc/>
    public override bool TryIntercept(IProcessor cpu, int level) => level == 1 && TryServe(cpu, ReadNumber(cpu, 3), Function);

    /// <summary>H_LOGICAL_MEMOP: destination, source, log2 of the element's bytes, elements, 0 copy or 1 invert. Ranges may overlap.</summary>
    private static long LogicalMemoryCopy(HypercallCall call)
    {
        GuestMemory ram = call.Services.Platform.Ram;
        (ulong destination, ulong source) = (call[0] & RealAddressMask, call[1] & RealAddressMask);
        (ulong shift, ulong count, ulong operation) = (call[2], call[3], call[4]);
        if (shift > 3 || operation > 1 || count > ram.Size >> (int)shift)
        {
            return Parameter;
        }

        ulong size = count << (int)shift;
        ulong alignment = (1UL << (int)shift) - 1;
        if (((destination | source) & alignment) != 0 || !ram.Contains(destination, size) || !ram.Contains(source, size))
        {
            return Parameter;
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

        return Success;
    }
}

using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Machines.Profiling;

/// <summary>
/// Follows a guest's back chain. Source: System V ABI PowerPC supplement 3-17 (32 bits: the caller's LR is 4 bytes above its stack pointer), 64-bit ELF ABI 1.9
/// 3.2.1 and ELFv2 2.2.2 (16 bytes). Reads RAM only, and only what is mapped; changes nothing.
/// </summary>
/// <remarks>Not modelled: the 74xx's little-endian mode, where words are exchanged; only the function at work is seen there.</remarks>
internal static class StackWalker
{
    /// <summary>Frames of a stack at most.</summary>
    public const int MostFrames = 128;

    private const int StackPointer = 1;
    private const ulong SixtyFourBitMode = 1UL << 63;
    private const ulong LittleEndian = 1;

    /// <summary>Puts code addresses into a list: the instruction at work, then each caller's.</summary>
    /// <param name="processor">Between two instructions.</param>
    /// <param name="memory">The machine's RAM.</param>
    /// <param name="sameFunction">True when two addresses are in one function: LR then is left over from a call that returned.</param>
    /// <param name="frames">Cleared first.</param>
    public static void Walk(IProcessor processor, GuestMemory memory, Func<ulong, ulong, bool> sameFunction, List<ulong> frames)
    {
        frames.Clear();
        frames.Add(processor.Pc);
        bool wide = processor.Is64Bit && (processor.Msr & SixtyFourBitMode) != 0;
        bool little = (processor.Msr & LittleEndian) != 0;
        if (little && !processor.Is64Bit)
        {
            return;
        }

        int first = frames.Count;
        ulong frame = wide ? processor.ReadGpr(StackPointer) : (uint)processor.ReadGpr(StackPointer);
        ulong mask = wide ? 15u : 3u;
        while (frames.Count < MostFrames && frame != 0 && (frame & mask) == 0)
        {
            if (!TryRead(processor, memory, frame, wide, little, out ulong caller) || caller == 0 || caller == frame
                || !TryRead(processor, memory, caller + (wide ? 16u : 4u), wide, little, out ulong address) || address == 0)
            {
                break;
            }

            frames.Add(address & ~3ul);
            frame = caller;
        }

        // A leaf leaves its caller in LR; who has made a frame has saved it, and LR is left over from whom it called.
        ulong link = processor.Lr & ~3ul;
        if (link != 0 && !sameFunction(link, processor.Pc) && (frames.Count == first || !sameFunction(link, frames[first])))
        {
            frames.Insert(first, link);
        }
    }

    private static bool TryRead(IProcessor processor, GuestMemory memory, ulong address, bool wide, bool little, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes = bytes[..(wide ? 8 : 4)];
        value = 0;
        if ((address & 3) != 0 || !processor.TryTranslate(address, write: false, out PhysicalAddress physical) || !memory.TryRead(physical, bytes))
        {
            return false;
        }

        value = (wide, little) switch
        {
            (true, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            (true, false) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
            (false, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        };
        return true;
    }
}

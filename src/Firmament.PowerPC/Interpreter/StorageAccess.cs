using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// The slow path of every load and store: translation with its interrupts, page crossings, MMIO, alignment rules, little-endian
/// modes, decoded code that is overwritten. A false result means an interrupt was taken.
/// </summary>
internal static unsafe class StorageAccess<TMode> where TMode : struct, ICpuMode
{
    private const uint PageMask = 0xfff;

    /// <summary>Loads 1, 2, 4 or 8 bytes, zero-extended.</summary>
    public static bool Load(CpuState* s, Insn* i, ulong ea, int size, out ulong value)
    {
        Cpu cpu = Cpu.From(s);
        value = 0;
        if (!CheckClassicLittleEndian(s, i, ref ea, size))
        {
            return false;
        }

        if ((ea & PageMask) + (uint)size > PageMask + 1)
        {
            // Both pages are translated before anything is read, so that a fault on the second has no effect on a device.
            uint first = (uint)(PageMask + 1 - (ea & PageMask));
            if (!Translate(cpu, s, i, ea, false, out ulong low) || !Translate(cpu, s, i, Advance(ea, first), false, out ulong high) || cpu.Family.Watches(i, ea, size, false))
            {
                return false;
            }

            ulong assembled = 0;
            for (uint n = 0; n < size; n++)
            {
                if (!Read(cpu, s, i, n < first ? low + n : high + n - first, 1, out ulong part))
                {
                    return false;
                }

                assembled = (assembled << 8) | part;
            }

            value = TMode.LittleEndian ? Swap(assembled, size) : assembled;
            return true;
        }

        if (!Translate(cpu, s, i, ea, false, out ulong physical) || cpu.Family.Watches(i, ea, size, false) || !Read(cpu, s, i, physical, size, out value))
        {
            return false;
        }

        value = TMode.LittleEndian ? Swap(value, size) : value;
        return true;
    }

    /// <summary>Stores the low 1, 2, 4 or 8 bytes.</summary>
    public static bool Store(CpuState* s, Insn* i, ulong ea, int size, ulong value)
    {
        Cpu cpu = Cpu.From(s);
        if (!CheckClassicLittleEndian(s, i, ref ea, size))
        {
            return false;
        }

        value = TMode.LittleEndian ? Swap(value, size) : value;
        if ((ea & PageMask) + (uint)size > PageMask + 1)
        {
            uint first = (uint)(PageMask + 1 - (ea & PageMask));
            if (!Translate(cpu, s, i, ea, true, out ulong low) || !Translate(cpu, s, i, Advance(ea, first), true, out ulong high) || cpu.Family.Watches(i, ea, size, true))
            {
                return false;
            }

            for (uint n = 0; n < size; n++)
            {
                if (!Write(cpu, s, i, n < first ? low + n : high + n - first, 1, value >> (8 * (size - 1 - (int)n))))
                {
                    return false;
                }
            }

            return true;
        }

        return Translate(cpu, s, i, ea, true, out ulong physical) && !cpu.Family.Watches(i, ea, size, true) && Write(cpu, s, i, physical, size, value);
    }

    /// <summary>Loads 16 bytes as one number; nothing is read unless both ends translate.</summary>
    public static bool LoadQuad(CpuState* s, Insn* i, ulong ea, out ulong high, out ulong low)
    {
        high = low = 0;
        Cpu cpu = Cpu.From(s);
        if (!Translate(cpu, s, i, ea, false, out _) || !Translate(cpu, s, i, Advance(ea, 15), false, out _) || cpu.Family.Watches(i, ea, 16, false))
        {
            return false;
        }

        if (!Load(s, i, ea, 8, out ulong first) || !Load(s, i, Advance(ea, 8), 8, out ulong second))
        {
            return false;
        }

        (high, low) = TMode.LittleEndian ? (second, first) : (first, second);
        return true;
    }

    /// <summary>Stores 16 bytes as one number; nothing is written unless both ends translate.</summary>
    public static bool StoreQuad(CpuState* s, Insn* i, ulong ea, ulong high, ulong low)
    {
        Cpu cpu = Cpu.From(s);
        if (!Translate(cpu, s, i, ea, true, out _) || !Translate(cpu, s, i, Advance(ea, 15), true, out _) || cpu.Family.Watches(i, ea, 16, true))
        {
            return false;
        }

        (ulong first, ulong second) = TMode.LittleEndian ? (low, high) : (high, low);
        return Store(s, i, ea, 8, first) && Store(s, i, Advance(ea, 8), 8, second);
    }

    /// <summary>l[bhwdq]arx: must be aligned; remembers the granule. A quadword's halves are loaded by the caller.</summary>
    public static bool LoadReserve(CpuState* s, Insn* i, ulong ea, int size, out ulong value)
    {
        value = 0;
        if (!RequireAligned(s, i, ea, (uint)(size - 1), isMultiple: false) || !Load(s, i, ea, Math.Min(size, 8), out value))
        {
            return false;
        }

        Cpu.From(s).Mmu.TranslateData(ea, false, out ulong physical, out _);
        s->ReservationValid = 1;
        s->ReservationAddress = physical & GranuleMask;
        return true;
    }

    /// <summary>
    /// st[bhwdq]cx.: must be aligned; the address is checked for a store whether or not the reservation holds. Not modelled: a device that
    /// writes the reserved granule does not end the reservation. Another CPU does: its slice begins where this one's, and the
    /// reservation with it, has ended.
    /// </summary>
    public static bool StoreConditional(CpuState* s, Insn* i, ulong ea, int size, ulong value, ulong second = 0)
    {
        Cpu cpu = Cpu.From(s);
        if (!RequireAligned(s, i, ea, (uint)(size - 1), isMultiple: false)
            || !CheckClassicLittleEndian(s, i, ref ea, size)
            || !Translate(cpu, s, i, ea, true, out ulong physical)
            || cpu.Family.Watches(i, ea, size, true))
        {
            return false;
        }

        bool held = s->ReservationValid != 0 && s->ReservationAddress == (physical & GranuleMask);
        if (held)
        {
            int part = Math.Min(size, 8);
            if (!Write(cpu, s, i, physical, part, TMode.LittleEndian ? Swap(value, part) : value)
                || (size == 16 && !Write(cpu, s, i, physical + 8, 8, TMode.LittleEndian ? Swap(second, 8) : second)))
            {
                return false;
            }
        }

        s->ReservationValid = 0;
        s->Cr[0] = (byte)((held ? 2 : 0) | s->XerSo);
        return true;
    }

    /// <summary>
    /// dcbz on a block. On storage that is not memory it is an alignment interrupt (MPC7450 RM 4.6.6). Not modelled: the same
    /// interrupt for write-through or caching-inhibited RAM and for a disabled data cache.
    /// </summary>
    public static bool ZeroBlock(CpuState* s, Insn* i, ulong ea, uint size)
    {
        Cpu cpu = Cpu.From(s);
        if (!Translate(cpu, s, i, ea, true, out ulong physical) || cpu.Family.Watches(i, ea, (int)size, true))
        {
            return false;
        }

        if (!cpu.Map.Ram.TryFill(new PhysicalAddress(physical), size, 0))
        {
            cpu.Family.Alignment(i, ea);
            return false;
        }

        return true;
    }

    /// <summary>Checks that a load would be allowed (dcbst, dcbf, icbi).</summary>
    public static bool Probe(CpuState* s, Insn* i, ulong ea) => Translate(Cpu.From(s), s, i, ea, false, out _);

    /// <summary>dcbi: needs store access; the block's contents are then undefined, here unchanged.</summary>
    public static bool InvalidateDataBlock(CpuState* s, Insn* i, ulong ea) => Translate(Cpu.From(s), s, i, ea, true, out _);

    /// <summary>eciwx and ecowx need EAR[E] and a word-aligned address (PEM 4.2.3.9).</summary>
    public static bool ExternalControl(CpuState* s, Insn* i, ulong ea, bool write)
    {
        const uint NotEnabled = 0x0010_0000;
        if ((s->Spr[SprNumber.Ear] & 0x8000_0000) == 0)
        {
            Interrupts.DataStorage(s, i, ea, NotEnabled | (write ? Interrupts.IsStore : 0));
            return false;
        }

        return RequireAligned(s, i, ea, 3, isMultiple: false);
    }

    /// <summary>Alignment interrupt unless the masked address bits are zero; multiples are refused altogether in little-endian mode.</summary>
    public static bool RequireAligned(CpuState* s, Insn* i, ulong ea, uint mask, bool isMultiple)
    {
        if ((ea & mask) == 0 && !(isMultiple && (s->Msr & MsrBits.Le) != 0))
        {
            return true;
        }

        Cpu.From(s).Family.Alignment(i, ea);
        return false;
    }

    private static ulong GranuleMask => TMode.Is64 ? ~127ul : ~31ul;

    private static ulong Advance(ulong ea, uint bytes) => TMode.Sf ? ea + bytes : (uint)ea + bytes & uint.MaxValue;

    private static ulong Swap(ulong value, int size) => BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));

    /// <summary>
    /// 74xx little-endian mode exchanges no bytes: it XORs the low three address bits, and unaligned accesses are alignment
    /// interrupts (PEM 3.1.4).
    /// </summary>
    private static bool CheckClassicLittleEndian(CpuState* s, Insn* i, ref ulong ea, int size)
    {
        if (TMode.Is64 || (s->Msr & MsrBits.Le) == 0)
        {
            return true;
        }

        if ((ea & (uint)(size - 1)) != 0)
        {
            Cpu.From(s).Family.Alignment(i, ea);
            return false;
        }

        ea ^= (uint)(8 - size) & 7;
        return true;
    }

    private static bool Translate(Cpu cpu, CpuState* s, Insn* i, ulong ea, bool write, out ulong physical)
    {
        if (cpu.Mmu.TranslateData(ea, write, out physical, out StorageFault fault))
        {
            return true;
        }

        cpu.Family.DataFault(i, ea, fault);
        return false;
    }

    private static bool Read(Cpu cpu, CpuState* s, Insn* i, ulong physical, int size, out ulong value)
    {
        GuestMemory ram = cpu.Map.Ram;
        if (ram.Contains(physical, (ulong)size))
        {
            // SAFETY: the range was checked.
            byte* host = ram.Base + physical;
            value = size switch
            {
                1 => *host,
                2 => BinaryPrimitives.ReverseEndianness(*(ushort*)host),
                4 => BinaryPrimitives.ReverseEndianness(*(uint*)host),
                _ => BinaryPrimitives.ReverseEndianness(*(ulong*)host),
            };
            return true;
        }

        value = cpu.Map.Read(new PhysicalAddress(physical), size, out bool answered);
        if (!answered)
        {
            Interrupts.MachineCheck(s, i);
        }

        return answered;
    }

    private static bool Write(Cpu cpu, CpuState* s, Insn* i, ulong physical, int size, ulong value)
    {
        GuestMemory ram = cpu.Map.Ram;
        if (ram.Contains(physical, (ulong)size))
        {
            ram.NoteWrite(physical, (ulong)size);
            // SAFETY: the range was checked.
            byte* host = ram.Base + physical;
            switch (size)
            {
                case 1: *host = (byte)value; break;
                case 2: *(ushort*)host = BinaryPrimitives.ReverseEndianness((ushort)value); break;
                case 4: *(uint*)host = BinaryPrimitives.ReverseEndianness((uint)value); break;
                default: *(ulong*)host = BinaryPrimitives.ReverseEndianness(value); break;
            }

            return true;
        }

        if (!cpu.Map.Write(new PhysicalAddress(physical), value, size))
        {
            Interrupts.MachineCheck(s, i);
            return false;
        }

        return true;
    }
}

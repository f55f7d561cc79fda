using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// The slow path of every load and store: translation with its interrupts, page crossings, MMIO, alignment rules, little-endian
/// mode, decoded code that is overwritten. A false result means an interrupt was taken.
/// </summary>
internal static unsafe class StorageAccess
{
    private const uint PageMask = 0xfff;

    /// <summary>Loads 1, 2, 4 or 8 bytes, zero-extended.</summary>
    public static bool Load(CpuState* s, Insn* i, uint ea, int size, out ulong value)
    {
        Cpu cpu = Cpu.From(s);
        value = 0;
        if (!CheckLittleEndian(s, i, ref ea, size))
        {
            return false;
        }

        if ((ea & PageMask) + (uint)size > PageMask + 1)
        {
            // Both pages are translated before anything is read, so that a fault on the second has no effect on a device.
            int first = (int)(PageMask + 1 - (ea & PageMask));
            if (!Translate(cpu, s, i, ea, false, out _) || !Translate(cpu, s, i, ea + (uint)first, false, out _))
            {
                return false;
            }

            ulong assembled = 0;
            for (int n = 0; n < size; n++)
            {
                if (!Translate(cpu, s, i, ea + (uint)n, false, out ulong at) || !Read(cpu, s, i, at, 1, out ulong part))
                {
                    return false;
                }

                assembled = (assembled << 8) | part;
            }

            value = assembled;
            return true;
        }

        return Translate(cpu, s, i, ea, false, out ulong physical) && Read(cpu, s, i, physical, size, out value);
    }

    /// <summary>Stores the low 1, 2, 4 or 8 bytes.</summary>
    public static bool Store(CpuState* s, Insn* i, uint ea, int size, ulong value)
    {
        Cpu cpu = Cpu.From(s);
        if (!CheckLittleEndian(s, i, ref ea, size))
        {
            return false;
        }

        if ((ea & PageMask) + (uint)size > PageMask + 1)
        {
            int first = (int)(PageMask + 1 - (ea & PageMask));
            if (!Translate(cpu, s, i, ea, true, out _) || !Translate(cpu, s, i, ea + (uint)first, true, out _))
            {
                return false;
            }

            for (int n = 0; n < size; n++)
            {
                if (!Translate(cpu, s, i, ea + (uint)n, true, out ulong at) || !Write(cpu, s, i, at, 1, value >> (8 * (size - 1 - n))))
                {
                    return false;
                }
            }

            return true;
        }

        return Translate(cpu, s, i, ea, true, out ulong physical) && Write(cpu, s, i, physical, size, value);
    }

    /// <summary>lwarx: must be aligned; remembers the 32-byte granule.</summary>
    public static bool LoadReserve(CpuState* s, Insn* i, uint ea, out uint value)
    {
        value = 0;
        if (!RequireAligned(s, i, ea, 3, isMultiple: false) || !Load(s, i, ea, 4, out ulong raw))
        {
            return false;
        }

        Cpu.From(s).Mmu.TranslateData(ea, false, out ulong physical, out _);
        s->ReservationValid = 1;
        s->ReservationAddress = physical & ~31ul;
        value = (uint)raw;
        return true;
    }

    /// <summary>
    /// stwcx.: must be aligned; the address is checked for a store whether or not the reservation holds. Not modelled: a device that
    /// writes the reserved granule does not end the reservation; this machine has one CPU, and its own stores never do (PEM 4.2.3.6).
    /// </summary>
    public static bool StoreConditional(CpuState* s, Insn* i, uint ea, uint value)
    {
        Cpu cpu = Cpu.From(s);
        if (!RequireAligned(s, i, ea, 3, isMultiple: false) || !CheckLittleEndian(s, i, ref ea, 4) || !Translate(cpu, s, i, ea, true, out ulong physical))
        {
            return false;
        }

        bool held = s->ReservationValid != 0 && s->ReservationAddress == (physical & ~31ul);
        if (held && !Write(cpu, s, i, physical, 4, value))
        {
            return false;
        }

        s->ReservationValid = 0;
        s->Cr[0] = (byte)((held ? 2 : 0) | s->XerSo);
        return true;
    }

    /// <summary>
    /// dcbz on a 32-byte block. On storage that is not memory it is an alignment interrupt (MPC7450 RM 4.6.6). Not modelled: the same
    /// interrupt for write-through or caching-inhibited RAM and for a disabled data cache.
    /// </summary>
    public static bool ZeroBlock(CpuState* s, Insn* i, uint ea)
    {
        Cpu cpu = Cpu.From(s);
        if (!Translate(cpu, s, i, ea, true, out ulong physical))
        {
            return false;
        }

        if (!cpu.Map.Ram.TryFill(new PhysicalAddress(physical), 32, 0))
        {
            Interrupts.Alignment(s, i, ea);
            return false;
        }

        return true;
    }

    /// <summary>Checks that a load would be allowed (dcbst, dcbf, icbi).</summary>
    public static bool Probe(CpuState* s, Insn* i, uint ea) => Translate(Cpu.From(s), s, i, ea, false, out _);

    /// <summary>dcbi: needs store access; the block's contents are then undefined, here unchanged.</summary>
    public static bool InvalidateDataBlock(CpuState* s, Insn* i, uint ea) => Translate(Cpu.From(s), s, i, ea, true, out _);

    /// <summary>eciwx and ecowx need EAR[E] and a word-aligned address (PEM 4.2.3.9).</summary>
    public static bool ExternalControl(CpuState* s, Insn* i, uint ea, bool write)
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
    public static bool RequireAligned(CpuState* s, Insn* i, uint ea, uint mask, bool isMultiple)
    {
        if ((ea & mask) == 0 && !(isMultiple && (s->Msr & MsrBits.Le) != 0))
        {
            return true;
        }

        Interrupts.Alignment(s, i, ea);
        return false;
    }

    /// <summary>
    /// 74xx little-endian mode exchanges no bytes: it XORs the low three address bits, and unaligned accesses are alignment
    /// interrupts (PEM 3.1.4).
    /// </summary>
    private static bool CheckLittleEndian(CpuState* s, Insn* i, ref uint ea, int size)
    {
        if ((s->Msr & MsrBits.Le) == 0)
        {
            return true;
        }

        if ((ea & (uint)(size - 1)) != 0)
        {
            Interrupts.Alignment(s, i, ea);
            return false;
        }

        ea ^= (uint)(8 - size) & 7;
        return true;
    }

    private static bool Translate(Cpu cpu, CpuState* s, Insn* i, uint ea, bool write, out ulong physical)
    {
        if (cpu.Mmu.TranslateData(ea, write, out physical, out uint dsisr))
        {
            return true;
        }

        Interrupts.DataStorage(s, i, ea, dsisr);
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

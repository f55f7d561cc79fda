using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>
/// Guest memory as a caller of the firmware names it: effective addresses of a processor in its current mode, or physical
/// addresses. Only RAM answers; a bad address is a false return, never an exception.
/// </summary>
/// <remarks>
/// A client of a virtual-mode firmware calls with translation on (PowerPC binding to IEEE 1275, 6.3.1), so ranges are
/// translated page by page. Cells are 32 bits: a range that passes 4 GiB is refused, it does not wrap.
/// </remarks>
public readonly struct GuestAddressSpace
{
    private const ulong AddressLimit = 1UL << 32;

    private readonly GuestMemory _ram;
    private readonly IProcessor? _processor;

    /// <summary>Makes a view of RAM.</summary>
    /// <param name="ram">Guest RAM.</param>
    /// <param name="processor">Translates addresses; null for physical addresses.</param>
    public GuestAddressSpace(GuestMemory ram, IProcessor? processor)
    {
        _ram = ram;
        _processor = processor;
    }

    /// <summary>The CPU whose mode gives addresses their meaning; null for physical addresses.</summary>
    public IProcessor? Processor => _processor;

    /// <summary>The RAM behind it.</summary>
    public GuestMemory Ram => _ram;

    /// <summary>Copies guest bytes out. False when any byte is not RAM; <paramref name="destination"/> is then undefined.</summary>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (!InRange(address, (ulong)destination.Length))
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            int run = Math.Min(destination.Length, ToPageEnd(address));
            if (!TryTranslate(address, write: false, out PhysicalAddress physical) || !_ram.TryRead(physical, destination[..run]))
            {
                return false;
            }

            address += (ulong)run;
            destination = destination[run..];
        }

        return true;
    }

    /// <summary>Copies bytes into the guest. False, and nothing written, when any byte is not RAM.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (!CanAccess(address, (ulong)source.Length, write: true))
        {
            return false;
        }

        while (!source.IsEmpty)
        {
            int run = Math.Min(source.Length, ToPageEnd(address));
            if (!TryTranslate(address, write: true, out PhysicalAddress physical) || !_ram.TryWrite(physical, source[..run]))
            {
                return false;
            }

            address += (ulong)run;
            source = source[run..];
        }

        return true;
    }

    /// <summary>Reads a big-endian cell.</summary>
    public bool TryReadCell(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool ok = TryRead(address, bytes);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Writes a big-endian cell.</summary>
    public bool TryWriteCell(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    /// <summary>True when every byte of [address, address + length) is RAM the caller may access.</summary>
    public bool CanAccess(ulong address, ulong length, bool write)
    {
        if (!InRange(address, length))
        {
            return false;
        }

        while (length > 0)
        {
            ulong run = Math.Min(length, (ulong)ToPageEnd(address));
            if (!TryTranslate(address, write, out PhysicalAddress physical) || !_ram.Contains(physical.Value, run))
            {
                return false;
            }

            address += run;
            length -= run;
        }

        return true;
    }

    /// <summary>Finds where a range lies in RAM, as far as it is in one piece there.</summary>
    /// <param name="address">Of the first byte.</param>
    /// <param name="length">Bytes wanted, at least 1.</param>
    /// <param name="write">True for a store.</param>
    /// <param name="physical">Of the first byte.</param>
    /// <returns>Bytes in one piece, at most <paramref name="length"/>; 0 for a bad address.</returns>
    public ulong FindRun(ulong address, ulong length, bool write, out PhysicalAddress physical)
    {
        physical = default;
        if (!InRange(address, length) || !TryTranslate(address, write, out physical) || physical.Value >= _ram.Size)
        {
            return 0;
        }

        ulong most = Math.Min(length, _ram.Size - physical.Value);
        ulong run = _processor == null ? most : Math.Min(most, (ulong)ToPageEnd(address));
        while (run < most && TryTranslate(address + run, write, out PhysicalAddress next) && next.Value == physical.Value + run)
        {
            run = Math.Min(most, run + GuestMemory.PageSize);
        }

        return run;
    }

    /// <summary>Reads a NUL-terminated string; only the pages up to its NUL need to exist.</summary>
    /// <param name="address">Of the first byte.</param>
    /// <param name="buffer">Room for the string without its NUL: the longest string accepted.</param>
    /// <param name="text">The bytes before the NUL, in <paramref name="buffer"/>.</param>
    /// <returns>False for a bad address, and for a string that does not end within the buffer.</returns>
    public bool TryReadString(ulong address, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        int length = 0;
        text = default;
        while (InRange(address, 1) && TryTranslate(address, write: false, out PhysicalAddress physical) && physical.Value < _ram.Size)
        {
            // One byte more than fits, so that a string of exactly the cap still finds its NUL.
            int run = Math.Min(ToPageEnd(address), buffer.Length - length + 1);
            run = (int)Math.Min((ulong)run, _ram.Size - physical.Value);
            if (!_ram.TrySlice(physical, (ulong)run, out ReadOnlySpan<byte> bytes))
            {
                return false;
            }

            int end = bytes.IndexOf((byte)0);
            if (end >= 0)
            {
                bytes[..end].CopyTo(buffer[length..]);
                text = buffer[..(length + end)];
                return true;
            }

            if (run > buffer.Length - length)
            {
                return false;
            }

            bytes.CopyTo(buffer[length..]);
            length += run;
            address += (ulong)run;
        }

        return false;
    }

    private static bool InRange(ulong address, ulong length) => address <= AddressLimit && length <= AddressLimit - address;

    private static int ToPageEnd(ulong address) => GuestMemory.PageSize - (int)(address & (GuestMemory.PageSize - 1));

    private bool TryTranslate(ulong address, bool write, out PhysicalAddress physical)
    {
        if (_processor == null)
        {
            physical = new PhysicalAddress(address);
            return true;
        }

        return _processor.TryTranslate(address, write, out physical);
    }
}

using Firmament.Core;
using Firmament.Core.Memory;

namespace Firmament.Machines.Loading;

/// <summary>Puts a kernel and an initrd into guest memory. Everything is checked before the first byte is written.</summary>
/// <remarks>
/// A 32-bit vmlinux linked at 0xc0000000 with physical address 0 is loaded in place, so the firmware keeps its own areas (client interface
/// stub, stack) elsewhere; a 64-bit one, which moves itself down, goes where the policy says. The initrd follows, 64 KiB aligned.
/// </remarks>
public sealed class BootLoader
{
    private const ulong InitrdGap = 0x1_0000;

    // No 32-bit kernel is linked lower, and no 32-bit wrapper of a 64-bit one, nor boot loader, as high.
    private const ulong LeastVirtual32 = 0x8000_0000;

    private readonly string _machine;
    private readonly GuestMemory _ram;
    private readonly AddressRange _firmware;
    private readonly LoadPolicy _policy;

    /// <summary>Makes a loader for one machine's memory.</summary>
    /// <param name="machine">The machine's name, for messages.</param>
    /// <param name="ram">Where to load.</param>
    /// <param name="firmware">What the firmware keeps for itself.</param>
    /// <param name="policy">Which kernels the machine takes.</param>
    public BootLoader(string machine, GuestMemory ram, AddressRange firmware, LoadPolicy policy)
    {
        _policy = policy;
        _machine = machine;
        _ram = ram;
        _firmware = firmware;
    }

    /// <summary>Loads a kernel and, when given, an initrd.</summary>
    /// <param name="kernelName">The kernel's name, for messages.</param>
    /// <param name="kernelFile">The ELF file.</param>
    /// <param name="initrdName">The initrd's name, for messages; null when there is none.</param>
    /// <param name="initrdFile">The initrd, of any format.</param>
    /// <exception cref="UserErrorException">A file is of the wrong kind, damaged, or does not fit; nothing was written then.</exception>
    public BootImage Load(string kernelName, ReadOnlyMemory<byte> kernelFile, string? initrdName, ReadOnlyMemory<byte> initrdFile)
    {
        ElfImage kernel = ElfImage.Read(kernelName, kernelFile);
        RequireRightKind(kernel);
        ulong shift = kernel.Start == 0 && (_policy.MovesAnyFromZero || kernel.IsPositionIndependent || IsLinkedForVirtualAddress(kernel)) ? _policy.KernelBase : 0;
        List<ElfSegment> segments = [.. kernel.Segments.Select(segment => segment with { PhysicalAddress = segment.PhysicalAddress + shift })];
        foreach (ElfSegment segment in segments)
        {
            CheckFits(kernel, segment);
        }

        ulong entry = EntryPoint(kernel, kernelFile.Span) + shift;
        if ((entry & 3) != 0 || !segments.Exists(segment => entry - segment.PhysicalAddress < segment.MemorySize))
        {
            throw new UserErrorException($"'{kernelName}' is damaged: its entry point 0x{kernel.Entry:x8} lies in none of its segments.");
        }

        AddressRange? initrd = null;
        if (initrdName != null)
        {
            initrd = PlaceInitrd(kernel.End + shift, initrdName, (ulong)initrdFile.Length);
        }

        List<AddressRange> occupied = [];
        foreach (ElfSegment segment in segments)
        {
            _ram.TryWrite(
                new PhysicalAddress(segment.PhysicalAddress), kernelFile.Span.Slice((int)segment.FileOffset, (int)segment.FileSize));
            _ram.TryFill(new PhysicalAddress(segment.PhysicalAddress + segment.FileSize), segment.MemorySize - segment.FileSize, 0);
            occupied.Add(new AddressRange("the kernel", segment.PhysicalAddress, segment.MemorySize));
        }

        if (initrd is { } range)
        {
            _ram.TryWrite(new PhysicalAddress(range.Start), initrdFile.Span);
            occupied.Add(range);
        }

        return new BootImage(
            entry, occupied, new AddressRange("the kernel", kernel.Start + shift, kernel.End - kernel.Start), initrd, kernel.ClientConfiguration, kernel.IsLittleEndian);
    }

    /// <summary>A kernel whose addresses have the top bit of a 64-bit address set is not meant to lie where it is linked.</summary>
    private static bool IsLinkedForVirtualAddress(ElfImage kernel) => kernel.Is64Bit && kernel.Segments[0].VirtualAddress >> 63 != 0;

    /// <summary>
    /// Where a kernel starts. In the first ABI for 64-bit PowerPC e_entry names a function descriptor, whose first doubleword is the
    /// address; Linux's vmlinux gives the address itself. A word of 0 cannot be code, and is the upper half of a low address.
    /// </summary>
    private static ulong EntryPoint(ElfImage kernel, ReadOnlySpan<byte> file)
    {
        ulong entry = kernel.PhysicalEntry;
        if (!kernel.Is64Bit || kernel.IsLittleEndian)
        {
            return entry;
        }

        foreach (ElfSegment segment in kernel.Segments)
        {
            ulong offset = entry - segment.PhysicalAddress;
            if (offset < segment.FileSize && segment.FileSize - offset >= 8)
            {
                ulong word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(file[(int)(segment.FileOffset + offset)..]);
                return word >> 32 == 0 && word != 0 ? word : entry;
            }
        }

        return entry;
    }

    private void RequireRightKind(ElfImage kernel)
    {
        string? wrong = kernel switch
        {
            { Machine: not (ElfImage.MachinePowerPC or ElfImage.MachinePowerPC64) } =>
                $"is built for {MachineName(kernel.Machine)}, not for PowerPC; give {(_policy.Takes64Bit ? "a" : "a 32-bit big-endian")} PowerPC kernel",
            { Is64Bit: true } or { Machine: ElfImage.MachinePowerPC64 } when !_policy.Takes64Bit =>
                $"is a 64-bit kernel, and {_machine} has a 32-bit CPU; give a 32-bit kernel, or --machine pseries",
            { IsLittleEndian: true } when !_policy.Takes64Bit =>
                $"is little-endian, and {_machine} starts big-endian kernels only; give a big-endian one",
            { Is64Bit: false } when _policy.Takes64Bit && kernel.Segments[0].VirtualAddress >= LeastVirtual32 =>
                $"is a 32-bit kernel, and {_machine} has 64-bit CPUs; give a 64-bit kernel, or --machine pegasos2",
            _ => null,
        };
        if (wrong != null)
        {
            throw new UserErrorException($"'{kernel.Name}' {wrong}.");
        }
    }

    private static string MachineName(ushort machine) => machine switch
    {
        2 or 18 or 43 => "SPARC",
        3 => "32-bit x86",
        4 => "68000",
        8 => "MIPS",
        22 => "S/390",
        40 => "32-bit ARM",
        62 => "x86-64",
        183 => "64-bit ARM",
        243 => "RISC-V",
        _ => $"ELF machine {machine}",
    };

    private void CheckFits(ElfImage kernel, ElfSegment segment)
    {
        bool overlaps = segment.PhysicalAddress < _firmware.End && segment.End > _firmware.Start;
        if (segment.End <= _ram.Size && !overlaps)
        {
            return;
        }

        // More memory helps a kernel that is merely large; it does not help one linked far above what the machine can have.
        ulong needed = segment.End + (_firmware.End == _ram.Size ? _firmware.Length : 0);
        throw new UserErrorException(
            overlaps && _firmware.End != _ram.Size
                ? $"'{kernel.Name}' has a segment for physical address 0x{segment.PhysicalAddress:x8}, where {_machine} keeps its firmware until " +
                  $"0x{_firmware.End:x8}; give a kernel linked above it."
            : needed <= _policy.MostMemory
                ? $"'{kernel.Name}' needs memory up to 0x{segment.End:x8}, and the machine has {_ram.Size >> 20} MiB; " +
                  $"give --memory {RoundUpToMiB(needed)}M or more."
                : $"'{kernel.Name}' has a segment for physical address 0x{segment.PhysicalAddress:x8}, where {_machine} can have no memory; " +
                  "give a kernel linked for low memory.");
    }

    private AddressRange PlaceInitrd(ulong kernelEnd, string name, ulong length)
    {
        if (length == 0)
        {
            throw new UserErrorException($"The initrd '{name}' is empty; give another, or leave --initrd out.");
        }

        ulong start = Math.Max(_policy.LowestInitrd, (kernelEnd + InitrdGap + InitrdGap - 1) & ~(InitrdGap - 1));
        ulong limit = _firmware.End == _ram.Size || _firmware.Start > start ? _firmware.Start : _ram.Size;
        if (start >= limit || length > limit - start)
        {
            ulong needed = start + length + (_ram.Size - limit);
            throw new UserErrorException(
                $"The initrd '{name}' of {length} bytes does not fit behind the kernel, which ends at 0x{kernelEnd:x8}, " +
                $"in {_ram.Size >> 20} MiB; give --memory {RoundUpToMiB(needed)}M or more, or a smaller initrd.");
        }

        return new AddressRange("the initrd", start, length);
    }

    private static ulong RoundUpToMiB(ulong bytes) => (bytes + 0xf_ffff) >> 20;
}

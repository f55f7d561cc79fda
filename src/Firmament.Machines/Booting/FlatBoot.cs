using System.Buffers.Binary;
using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware;
using Firmament.Machines.Loading;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Booting;

/// <summary>
/// A start without the host's Open Firmware: the flat tree near the top of low memory and its address in r3, all other registers 0. That is how QEMU's
/// pseries machine enters its firmware.
/// </summary>
internal static class FlatBoot
{
    /// <summary>Most bytes of the tree.</summary>
    public const uint TreeBytes = 0x1f_0000;

    /// <summary>Where a ROM starts; it is loaded at 0.</summary>
    public const uint RomEntry = 0x100;

    /// <summary>Most bytes of a ROM.</summary>
    public const int MostRomBytes = 0x40_0000;

    // MSR[ME], which a partition cannot set for itself: without it a machine check would stop the CPU. 32-bit, big-endian, real mode.
    private const ulong MachineCheckEnable = 0x1000;

    // RTAS with its error log and the areas of all CPUs (`rtas-size`) takes less; a multiple of the largest page that a client may keep it by.
    private const uint RuntimeBytes = 0x1_0000;

    /// <summary>The tree lies where 32-bit clients reach it, too.</summary>
    private const ulong Limit = 0x8000_0000;

    /// <summary>Where the tree goes, and behind it RTAS.</summary>
    /// <param name="realModeArea">Bytes from address 0 that a client reaches with translation off.</param>
    public static AddressRange Range(ulong realModeArea) =>
        new("the device tree", Math.Min(realModeArea, Limit) - TreeBytes - RuntimeBytes, TreeBytes + RuntimeBytes);

    /// <summary>Where RTAS goes.</summary>
    public static uint Runtime(AddressRange range) => (uint)range.Start + TreeBytes;

    /// <summary>
    /// True for a few instructions that end where ROMs start: all that they can do is to jump to the client, and it is entered without them.
    /// </summary>
    /// <param name="length">Bytes of the ROM.</param>
    public static bool IsTrampoline(int length) => length is > 0 and <= (int)RomEntry && length % 4 == 0;

    /// <summary>Puts a ROM into memory.</summary>
    /// <exception cref="UserErrorException">It is too short, too long, or lies where the kernel does; nothing was written then.</exception>
    public static void LoadRom(GuestMemory ram, string name, ReadOnlySpan<byte> rom, BootImage? boot)
    {
        CheckRom(name, rom.Length, boot);
        _ = ram.TryWrite(new PhysicalAddress(0), rom);
    }

    /// <summary>Tells a ROM, in `/chosen`, where the client lies: its first instruction and the bytes from there on.</summary>
    public static void NameKernel(Tree tree, BootImage boot)
    {
        byte[] place = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(place, boot.EntryPoint);
        BinaryPrimitives.WriteUInt64BigEndian(place.AsSpan(8), boot.Kernel.End - boot.EntryPoint);
        DeviceNode chosen = tree.Root.Child("chosen")!;
        chosen.Set("qemu,boot-kernel", place);
        if (boot.IsLittleEndian)
        {
            chosen.SetEmpty("qemu,boot-kernel-le");
        }
    }

    /// <summary>Writes the tree and makes the registers.</summary>
    /// <exception cref="UserErrorException">The tree is too large.</exception>
    public static EntryState Enter(GuestMemory ram, AddressRange range, Tree tree, uint entry)
    {
        // Linux keeps off RTAS only where the tree reserves it: its own start from Open Firmware puts that into the tree it makes.
        bool hasRuntime = tree.Find("/rtas")?["linux,rtas-base"] != null;
        byte[] blob = FlattenedTree.Write(tree, new FdtWriteOptions
        {
            Phandles = FdtPhandles.All,
            Reservations = hasRuntime ? [new FdtReservation(Runtime(range), RuntimeBytes)] : [],
        });
        if (blob.Length > TreeBytes)
        {
            throw new UserErrorException($"The device tree has {blob.Length} bytes and may have {TreeBytes}; give a smaller --dtb.");
        }

        _ = ram.TryWrite(new PhysicalAddress(range.Start), blob);
        return new EntryState(entry, MachineCheckEnable, 0, (uint)range.Start, 0, 0, 0, 0);
    }

    private static void CheckRom(string name, int length, BootImage? boot)
    {
        if (length <= RomEntry)
        {
            throw new UserErrorException($"'{name}' has {length} bytes, and a ROM starts at 0x{RomEntry:x}; give another file to -bios, or leave it out.");
        }

        if (length > MostRomBytes)
        {
            throw new UserErrorException($"'{name}' has {length} bytes, and a ROM may have {MostRomBytes}; give another file to -bios, or leave it out.");
        }

        if (boot?.Occupied.FirstOrDefault(range => range.Start < (ulong)length) is { Length: > 0 } range)
        {
            throw new UserErrorException(
                $"The ROM '{name}' lies below 0x{length:x8}, and {range.Name} at 0x{range.Start:x8}; give a kernel linked above the ROM, or leave -bios out.");
        }
    }
}

using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Machines.Loading;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Loading;

public sealed class BootLoaderTests : IDisposable
{
    private const ulong Mebibyte = 1 << 20;

    private readonly GuestMemory _ram = new(16 * Mebibyte);
    private readonly BootLoader _loader;

    public BootLoaderTests() =>
        _loader = new BootLoader("pegasos2", _ram, new AddressRange("the firmware", (16 * Mebibyte) - 0x2_0000, 0x2_0000), LoadPolicy.Pegasos2);

    public void Dispose() => _ram.Dispose();

    private static ElfBuilder Kernel(uint physical = 0, uint memorySize = 0x1000) =>
        new ElfBuilder { Entry = 0xc000_0000 }.Load(0xc000_0000, physical, [0x48, 0, 0, 1], memorySize);

    private BootImage Load(ElfBuilder kernel, byte[]? initrd = null) =>
        _loader.Load("vmlinux", kernel.Build(), initrd == null ? null : "initrd.gz", initrd);

    private string Refusal(ElfBuilder kernel, byte[]? initrd = null)
    {
        string message = Assert.Throws<UserErrorException>(() => Load(kernel, initrd)).Message;
        Assert.True(_ram.TrySlice(new PhysicalAddress(0), _ram.Size, out ReadOnlySpan<byte> bytes));
        Assert.False(bytes.ContainsAnyExcept((byte)0), "something was written before the refusal");
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void A_kernel_is_loaded_at_physical_0_and_its_bss_is_zeroed()
    {
        _ram.TryFill(new PhysicalAddress(0), 0x2000, 0xaa);

        BootImage image = Load(Kernel());

        Assert.Equal(0UL, image.EntryPoint);
        _ram.TryReadUInt32(new PhysicalAddress(0), out uint first);
        _ram.TryReadUInt32(new PhysicalAddress(0xffc), out uint last);
        _ram.TryReadUInt32(new PhysicalAddress(0x1000), out uint after);
        Assert.Equal((0x4800_0001u, 0u, 0xaaaa_aaaau), (first, last, after));
    }

    [Theory]
    [InlineData(0x1000u, 0x60_0000u)]
    [InlineData(0x60_0000u, 0x61_0000u)]
    [InlineData(0x60_0001u, 0x62_0000u)]
    public void The_initrd_follows_the_kernel_at_6_MiB_or_above(uint kernelSize, uint expected)
    {
        BootImage image = Load(Kernel(memorySize: kernelSize), [9, 8, 7]);

        Assert.Equal(new AddressRange("the initrd", expected, 3), image.Initrd);
        _ram.TryReadUInt8(new PhysicalAddress(expected + 2), out byte last);
        Assert.Equal(7, last);
        Assert.Equal(2, image.Occupied.Count);
    }

    [Fact]
    public void A_kernel_larger_than_memory_names_the_memory_it_needs() =>
        Assert.Contains("give --memory 33M or more", Refusal(Kernel(memorySize: 32 << 20)), StringComparison.Ordinal);

    [Fact]
    public void A_kernel_that_reaches_into_the_firmware_is_refused() =>
        Assert.Contains("--memory", Refusal(Kernel(physical: (16 << 20) - 0x1_0000)), StringComparison.Ordinal);

    [Fact]
    public void A_kernel_linked_where_no_memory_can_be_is_refused() =>
        Assert.Contains("can have no memory", Refusal(Kernel(physical: 0xc000_0000)), StringComparison.Ordinal);

    [Fact]
    public void An_initrd_that_does_not_fit_is_refused() =>
        Assert.Contains("does not fit", Refusal(Kernel(), new byte[12 << 20]), StringComparison.Ordinal);

    [Fact]
    public void An_empty_initrd_is_refused() => Assert.Contains("empty", Refusal(Kernel(), []), StringComparison.Ordinal);

    [Fact]
    public void An_entry_point_outside_the_kernel_is_damage()
    {
        ElfBuilder kernel = Kernel();
        kernel.Entry = 0x1234_5678;

        Assert.Contains("entry point", Refusal(kernel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, 21, "64-bit kernel")]
    [InlineData(true, true, 21, "64-bit kernel")]
    [InlineData(false, true, 20, "little-endian")]
    [InlineData(true, true, 62, "x86-64")]
    [InlineData(false, true, 3, "32-bit x86")]
    [InlineData(false, true, 40, "32-bit ARM")]
    [InlineData(false, false, 4, "68000")]
    [InlineData(false, false, 99, "ELF machine 99")]
    public void A_kernel_for_another_machine_is_named_for_what_it_is(bool is64Bit, bool littleEndian, int machine, string fact)
    {
        ElfBuilder kernel = Kernel();
        (kernel.Is64Bit, kernel.IsLittleEndian, kernel.Machine) = (is64Bit, littleEndian, (ushort)machine);

        Assert.Contains(fact, Refusal(kernel), StringComparison.Ordinal);
    }

    [Fact]
    public void A_32_bit_kernel_is_refused_by_a_64_bit_machine_but_a_32_bit_wrapper_is_loaded_in_place()
    {
        AddressRange firmware = new("the firmware", 0x1_0000, 0x2_0000);
        BootLoader loader = new("pseries", _ram, firmware, LoadPolicy.Pseries);

        string message = Assert.Throws<UserErrorException>(() => loader.Load("vmlinux", Kernel().Build(), null, default)).Message;
        BootImage wrapper = loader.Load("zImage", new ElfBuilder { Entry = 0x40_0000 }.Load(0x40_0000, 0x40_0000, [0x48, 0, 0, 0]).Build(), null, default);

        Assert.Equal("'vmlinux' is a 32-bit kernel, and pseries has 64-bit CPUs; give a 64-bit kernel, or --machine pegasos2.", message);
        Assert.Equal(0x40_0000u, wrapper.EntryPoint);
    }

    [Fact]
    public void Where_low_memory_is_the_firmware_s_a_program_for_it_is_refused()
    {
        BootLoader loader = new("pseries", _ram, new AddressRange("the firmware", 0x1_0000, 0x2_0000), LoadPolicy.Pseries);
        ElfBuilder low = new ElfBuilder { Is64Bit = true, Machine = 21, Entry = 0x1_0000 }.Load(0x1_0000, 0x1_0000, [0x48, 0, 0, 0]);

        Assert.Contains("keeps its firmware", Assert.Throws<UserErrorException>(() => loader.Load("low", low.Build(), null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_initrd_stays_below_a_tree_above_it()
    {
        BootLoader loader = new("pseries", _ram, new AddressRange("the device tree", 12 * Mebibyte, 2 * Mebibyte), LoadPolicy.Pseries);
        ElfBuilder kernel = new ElfBuilder { Is64Bit = true, Machine = 21, Entry = 0x40_0000 }.Load(0x40_0000, 0x40_0000, [0x48, 0, 0, 0]);

        Assert.Equal(0x60_0000u, loader.Load("kernel", kernel.Build(), "initrd", new byte[6 << 20]).Initrd!.Value.Start);
        string message = Assert.Throws<UserErrorException>(() => loader.Load("kernel", kernel.Build(), "initrd", new byte[7 << 20])).Message;
        Assert.Contains("does not fit", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ppc32/vmlinux", 0u, 0u)]
    [InlineData("ppc32/vmlinux-builtin-16m", 0x100_0000u, 0x100_0000u)]
    [InlineData("ppc32/zImage.initrd", 0x40_0000u, 0x40_0404u)]
    [InlineData("ppc32/stock/vmlinux-up-unpatched", 0u, 0u)]
    [InlineData("ppc32/stock/zImage-smp-unpatched.initrd", 0x40_0000u, 0x40_0404u)]
    public void A_real_kernel_is_loaded_where_it_was_linked(string image, uint start, uint entry)
    {
        byte[] file = File.ReadAllBytes(Guests.Path(image));
        using GuestMemory ram = new(64 * Mebibyte);

        BootImage loaded = new BootLoader("pegasos2", ram, new AddressRange("the firmware", 63 * Mebibyte, Mebibyte), LoadPolicy.Pegasos2).Load(image, file, null, default);

        Assert.Equal((start, entry), ((uint)loaded.Kernel.Start, (uint)loaded.EntryPoint));
        Assert.True(ram.TryReadUInt32(new PhysicalAddress(entry), out uint first));
        Assert.NotEqual(0u, first);
    }

    /// <summary>The two forms of Linux's boot wrapper for pseries, with the notes that addnote gives them: big-endian for 64 MiB, little-endian for any place.</summary>
    [Theory]
    [InlineData(false, 0x400_0000u, 0x400_0000u)]
    [InlineData(true, 0u, 0x40_0000u)]
    public void A_zImage_for_pseries_goes_where_it_is_linked_or_to_the_kernels_place(bool littleEndian, uint linked, uint expected)
    {
        uint[] wishes = [uint.MaxValue, 0x00c0_0000, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x0400_0000];
        byte[] words = new byte[24];
        for (int i = 0; i < wishes.Length; i++)
        {
            Action<Span<byte>, uint> write = littleEndian
                ? System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian
                : System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian;
            write(words.AsSpan(4 * i), wishes[i]);
        }

        ElfBuilder wrapper = new()
        {
            Is64Bit = littleEndian, IsLittleEndian = littleEndian, Machine = (ushort)(littleEndian ? 21 : 20), Type = (ushort)(littleEndian ? 3 : 2), Entry = linked,
        };
        wrapper.Load(linked, linked, [0x48, 0, 0, 5], 0x2000).Note("PowerPC", 0x1275, words).Note("IBM,RPA-Client-Config", 0x1275_9999, new byte[32]);
        using GuestMemory ram = new(128 * Mebibyte);
        BootLoader loader = new("pseries", ram, new AddressRange("the firmware", 0x1_0000, 0x2_0000), LoadPolicy.Pseries);

        BootImage image = loader.Load("zImage.pseries", wrapper.Build(), "initrd.gz", new byte[] { 1 });

        Assert.Equal((expected, expected), ((uint)image.EntryPoint, (uint)image.Kernel.Start));
        ram.TryReadUInt32(new PhysicalAddress(expected), out uint first);
        Assert.Equal(0x4800_0005u, first);
        Assert.Equal(new ClientConfigurationNote(wishes[0], wishes[1], wishes[2], wishes[3], wishes[4], wishes[5]), image.Note);
        Assert.True(image.Initrd!.Value.Start >= image.Kernel.End);
    }
}

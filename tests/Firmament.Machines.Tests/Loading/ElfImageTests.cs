using Firmament.Core;
using Firmament.Machines.Loading;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Loading;

public sealed class ElfImageTests
{
    private static ElfBuilder Vmlinux() =>
        new ElfBuilder { Entry = 0xc000_0000 }.Load(0xc000_0000, 0, [1, 2, 3, 4, 5, 6, 7, 8], 0x1000);

    [Fact]
    public void A_kernel_linked_at_c0000000_with_physical_address_0_starts_at_0()
    {
        ElfImage image = ElfImage.Read("vmlinux", Vmlinux().Build());

        Assert.Equal(0UL, image.PhysicalEntry);
        Assert.Equal(0UL, image.Start);
        Assert.Equal(0x1000UL, image.End);
        Assert.False(image.Is64Bit);
        Assert.False(image.IsLittleEndian);
    }

    [Fact]
    public void The_entry_moves_with_its_segment_not_with_the_first_one()
    {
        ElfBuilder elf = new ElfBuilder { Entry = 0xc080_0010 }
            .Load(0xc000_0000, 0x100_0000, new byte[32])
            .Load(0xc080_0000, 0x300_0000, new byte[32]);

        Assert.Equal(0x300_0010UL, ElfImage.Read("k", elf.Build()).PhysicalEntry);
    }

    [Fact]
    public void Physical_addresses_that_are_all_0_in_several_segments_give_way_to_virtual_ones()
    {
        ElfBuilder elf = new ElfBuilder { Entry = 0x20_0000 }.Load(0x20_0000, 0, new byte[16]).Load(0x30_0000, 0, new byte[16]);

        ElfImage image = ElfImage.Read("grub", elf.Build());

        Assert.Equal(0x20_0000UL, image.Start);
        Assert.Equal(0x30_0010UL, image.End);
    }

    [Fact]
    public void A_segment_without_memory_is_no_segment()
    {
        ElfBuilder elf = Vmlinux().Load(0xc0a9_1000, 0x10, [], 0);

        Assert.Single(ElfImage.Read("k", elf.Build()).Segments);
    }

    [Fact]
    public void The_client_configuration_note_is_read_and_others_are_passed_over()
    {
        byte[] words = [255, 255, 255, 255, 2, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0x40, 0];
        ElfBuilder elf = Vmlinux().Note("GNU", 3, [1, 2, 3]).Note("PowerPC", 0x1275, words);

        ClientConfigurationNote? note = ElfImage.Read("zImage", elf.Build()).ClientConfiguration;

        Assert.Equal(new ClientConfigurationNote(uint.MaxValue, 0x200_0000, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x4000), note);
    }

    [Theory]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 }, "gzip")]
    [InlineData(new byte[] { 0x27, 0x05, 0x19, 0x56 }, "U-Boot")]
    [InlineData(new byte[] { 0x01, 0xdf, 0, 0 }, "XCOFF")]
    [InlineData(new byte[] { (byte)'M', (byte)'Z' }, "not an ELF file")]
    [InlineData(new byte[] { }, "not an ELF file")]
    [InlineData(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 2, 1 }, "truncated")]
    [InlineData(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 9, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "damaged")]
    public void A_file_of_another_kind_is_named_for_what_it_is(byte[] file, string fact)
    {
        UserErrorException error = Assert.Throws<UserErrorException>(() => ElfImage.Read("image", file));

        Assert.Contains(fact, error.Message, StringComparison.Ordinal);
        Assert.Contains("'image'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_file_is_refused()
    {
        ElfBuilder elf = Vmlinux();
        elf.Type = 1;

        Assert.Contains("object file", Assert.Throws<UserErrorException>(() => ElfImage.Read("a.o", elf.Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_kernel_is_a_user_error()
    {
        byte[] file = Vmlinux().Build();

        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<UserErrorException>(() => ElfImage.Read("k", file.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Overlapping_segments_are_damage()
    {
        ElfBuilder elf = Vmlinux().Load(0xc000_0800, 0x800, new byte[4]);

        Assert.Contains("overlap", Assert.Throws<UserErrorException>(() => ElfImage.Read("k", elf.Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_bytes_in_the_headers_give_an_image_or_a_user_error_and_nothing_else()
    {
        byte[] good = Vmlinux().Note("PowerPC", 0x1275, new byte[24]).Build();
        byte[] interesting = [0x00, 0x01, 0x7f, 0x80, 0xff];
        uint seed = 1;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] file = [.. good];
            for (int change = 0; change < 4; change++)
            {
                seed = (seed * 1_664_525) + 1_013_904_223;
                file[5 + (int)((seed >> 8) % (uint)(file.Length - 5))] = interesting[seed % 5];
            }

            try
            {
                ElfImage image = ElfImage.Read("fuzz", file);
                Assert.True(image.Start < image.End);
                Assert.All(image.Segments, segment => Assert.True(segment.FileOffset + segment.FileSize <= (ulong)file.Length));
            }
            catch (UserErrorException)
            {
                // The right answer to damage.
            }
        }
    }
}

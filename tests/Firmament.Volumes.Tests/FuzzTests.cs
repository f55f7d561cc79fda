using System.Diagnostics;
using CsCheck;

namespace Firmament.Volumes.Tests;

/// <summary>Disks damaged at random: nothing throws, and nothing takes long.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Iterations = 700;

    public static TheoryData<string> Images => ["fat", "ext", "iso", "hfs", "hfs+", "wrapped", "mbr", "gpt", "apple", "amiga"];

    [Theory]
    [MemberData(nameof(Images))]
    public void A_damaged_volume_made_by_hand_is_survived(string name) => Damage(Image(name), 2000);

    [Fact]
    public void A_damaged_volume_by_mke2fs_is_survived()
    {
        Tool.Require("mke2fs");
        foreach (string options in (string[])["-t ext4 -b 1024 -O inline_data,^has_journal,^resize_inode -I 256", "-t ext2 -b 1024 -O ^resize_inode"])
        {
            using Scratch scratch = new();
            string tree = Tree(scratch);
            RealExtTests.WriteLinks(tree);
            scratch.Allocate(400 << 10);
            scratch.Run("mke2fs", [.. options.Split(' '), "-q", "-F", "-N", "128", "-d", tree, scratch.Image]);
            Damage(scratch.Bytes(), Iterations);
        }
    }

    [Fact]
    public void A_damaged_volume_by_mkfs_fat_is_survived()
    {
        Tool.Require("mkfs.fat", "mcopy");
        using Scratch scratch = new();
        string tree = Tree(scratch);
        scratch.Allocate(400 << 10);
        scratch.Run("mkfs.fat", "-F", "12", "-s", "1", scratch.Image);
        scratch.Run("mcopy", ["-i", scratch.Image, "-s", .. Directory.EnumerateFileSystemEntries(tree), "::/"]);
        Damage(scratch.Bytes(), Iterations);
    }

    [Fact]
    public void A_damaged_CD_with_an_Apple_map_and_HFS_plus_is_survived()
    {
        Tool.Require("xorriso");
        using Scratch scratch = new();
        string tree = Tree(scratch);
        RealExtTests.WriteLinks(tree);
        scratch.Run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-hfsplus", "-apm-block-size", "2048", "-hfs-bless-by", "p", "/etc", "-o", scratch.Image, tree);
        Damage(scratch.Bytes(), Iterations);
    }

    [Fact]
    public void A_damaged_volume_by_hformat_is_survived()
    {
        Tool.Require("hformat");
        using Scratch scratch = new();
        string tree = Tree(scratch);
        scratch.Allocate(800 << 10);
        scratch.Run("hformat", scratch.Image);
        scratch.Run("hcopy", ["-r", .. Directory.EnumerateFiles(tree), .. Directory.EnumerateFiles(Path.Combine(tree, "many")), ":"]);
        scratch.Run("humount");
        Damage(scratch.Bytes(), Iterations);
    }

    [Fact]
    public void A_volume_cut_off_anywhere_is_survived()
    {
        foreach (ITheoryDataRow row in Images)
        {
            byte[] whole = Image((string)row.GetData()[0]!);
            for (int length = 0; length < whole.Length; length += length < 2048 ? 61 : 509)
            {
                new Walker(new MemorySource(whole[..length])).Walk();
                new Walker(new MemorySource(whole[..length]) { Length = whole.Length }).Walk();
                new Walker(new MemorySource(whole[..length]) { Length = long.MaxValue }).Walk();
            }
        }
    }

    private static byte[] Image(string name) => name switch
    {
        "fat" => TinyFat.Image().Bytes,
        "ext" => TinyExt.Image().Bytes,
        "iso" => TinyIso.Image().Bytes,
        "hfs" => TinyHfs.Classic().Bytes,
        "hfs+" => TinyHfs.Plus().Bytes,
        "wrapped" => TinyHfs.Wrapped().Bytes,
        "mbr" => MbrTests.Disk((0, 0, 0x41, 10, 80), (0, 1, 0x0f, 100, 1000), (100, 0, 0x83, 1, 50), (100, 1, 0x05, 200, 100), (300, 0, 0x83, 2, 60))
            .Bytes.With(10 * 512, TinyFat.Image()).With(101 * 512, TinyFat.Image()),
        "gpt" => GptTests.Disk(512).Bytes.With(40 * 512, TinyFat.Image()),
        "apple" => AppleLabelTests.Disk().Bytes.With(10 * 512, TinyHfs.Classic()),
        _ => AmigaLabelTests.Disk(2, 41).Bytes.With(2 * 64 * 512, TinyFat.Image()),
    };

    private static string Tree(Scratch scratch) => Sample.Write(
        Path.Combine(scratch.Folder, "tree"),
        [("one.txt", 1), ("README.TXT", 511), ("ppc/bootinfo.txt", 300), ("boot/vmlinux", 70_001), ("etc/conf.d/net", 2049), ("etc/4k", 4096)],
        Sample.Many.Take(25));

    private void Damage(byte[] good, int iterations)
    {
        MemorySource whole = new(good);
        Walker first = new(whole);
        first.Walk();
        Assert.True(first.Files > 0, "the whole image has no files");
        int[] used = [.. Enumerable.Range(0, good.Length).Where(i => good[i] != 0 && whole.WasRead(i))];
        long worst = 0;
        int files = 0;
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan longest = TimeSpan.Zero;
        for (uint seed = 0; seed < iterations; seed++)
        {
            PCG random = new(1, seed);
            byte[] bytes = (byte[])good.Clone();
            for (uint count = random.Next(6); count != uint.MaxValue; count--)
            {
                Change(bytes, used, random);
            }

            TimeSpan start = clock.Elapsed;
            Walker walker = new(random.Next(8) switch
            {
                0 => new MemorySource(bytes[..(int)random.Next((uint)bytes.Length)]),
                1 => new MemorySource(bytes) { Length = long.MaxValue },
                2 => new MemorySource(bytes) { Length = long.MaxValue, Repeats = true },
                _ => new MemorySource(bytes),
            });
            try
            {
                walker.Walk();
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }

            TimeSpan time = clock.Elapsed - start;
            longest = time > longest ? time : longest;
            worst = Math.Max(worst, walker.WorstReads);
            files += walker.Files;
        }

        output.WriteLine($"{iterations} images, {files} files, at most {worst} reads for an operation and {longest.TotalMilliseconds:F0} ms for an image");
    }

    /// <summary>Changes what matters: mostly bytes that are used and not zero, to values that sizes, counts and links have at their limits.</summary>
    private static void Change(byte[] bytes, int[] used, PCG random)
    {
        int at = random.Next(4) == 0 ? Math.Clamp(Pick() + (int)random.Next(17) - 8, 0, bytes.Length - 1) : Pick();
        switch (random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1u << (int)random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xff;
                break;
            case 3:
                bytes[at] += random.Next(2) == 0 ? (byte)1 : (byte)0xff;
                break;
            case 4:
                Block(at, (int)random.Next(8) + 1).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xff);
                break;
            case 5:
                // A number from elsewhere: links that lead back, sizes of another.
                Block(Pick(), 4).CopyTo(Block(at, 4));
                break;
            default:
                Block(Pick() & ~511, 512).CopyTo(Block(at & ~511, 512));
                break;
        }

        int Pick() => used[(int)random.Next((uint)used.Length)];

        Span<byte> Block(int start, int length)
        {
            start = Math.Clamp(start, 0, bytes.Length - length);
            return bytes.AsSpan(start, length);
        }
    }
}

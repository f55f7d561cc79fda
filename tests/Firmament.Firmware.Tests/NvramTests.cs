using Firmament.Core.Backends;
using Firmament.Firmware.Nvram;

namespace Firmament.Firmware.Tests;

public sealed class NvramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firmament-nvram").FullName;

    private string FilePath => Path.Combine(_folder, "nvram.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_keeps_what_was_written()
    {
        FileNvram nvram = new(FilePath, 64);
        Assert.True(nvram.TryWrite(60, [1, 2, 3, 4]));
        byte[] bytes = new byte[4];
        Assert.True(new FileNvram(FilePath, 64).TryRead(60, bytes));
        Assert.Equal([1, 2, 3, 4], bytes);
        Assert.Equal(64, new FileInfo(FilePath).Length);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(61, 4)]
    [InlineData(64, 1)]
    [InlineData(int.MaxValue, 4)]
    public void Accesses_outside_change_nothing(int offset, int length)
    {
        foreach (INvram nvram in (INvram[])[new FileNvram(FilePath, 64), new MemoryNvram(64)])
        {
            Assert.False(nvram.TryWrite(offset, new byte[length]));
            Assert.False(nvram.TryRead(offset, new byte[length]));
        }
    }

    [Fact]
    public void A_file_is_made_by_the_first_store_and_only_where_it_can_be()
    {
        FileNvram nvram = new(FilePath, 64);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.True(nvram.TryWrite(0, [1]));
        Assert.Equal(64, new FileInfo(FilePath).Length);
        Assert.ThrowsAny<IOException>(() => new FileNvram(Path.Combine(_folder, "none", "nvram.bin"), 64));
    }

    [Fact]
    public void A_file_of_another_size_is_refused_with_the_remedy()
    {
        File.WriteAllBytes(FilePath, new byte[10]);
        Assert.Contains("10 bytes", Assert.Throws<IOException>(() => new FileNvram(FilePath, 64)).Message, StringComparison.Ordinal);
        Assert.Equal(10, new FileInfo(FilePath).Length);
    }

    [Fact]
    public void A_folder_is_refused_and_nothing_is_left_beside_it()
    {
        string folder = Directory.CreateDirectory(FilePath).FullName;
        Assert.Contains("folder", Assert.Throws<IOException>(() => new FileNvram(folder, 64)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_store_that_cannot_be_kept_fails_and_changes_nothing()
    {
        FileNvram nvram = new(FilePath, 64);
        Directory.Delete(_folder, recursive: true);
        Assert.False(nvram.TryWrite(0, [1]));
        byte[] bytes = new byte[1];
        Assert.True(nvram.TryRead(0, bytes));
        Assert.Equal(0, bytes[0]);
        Directory.CreateDirectory(_folder);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_killed_process_leaves_a_whole_NVRAM_with_what_was_acknowledged(int steps)
    {
        using ChildProcess child = new(FilePath);
        string last = "";
        for (int i = 0; i < steps; i++)
        {
            last = child.ReadLine();
        }

        int acknowledged = int.Parse(child.Kill().LastOrDefault(last), System.Globalization.CultureInfo.InvariantCulture);
        byte[] bytes = File.ReadAllBytes(FilePath);
        Assert.Equal(8192, bytes.Length);
        Assert.InRange(bytes[0], acknowledged, Math.Min(acknowledged + 1, 255));
        Assert.All(bytes, b => Assert.Equal(bytes[0], b));

        // What the kill left beside it does not disturb the next run.
        Assert.True(new FileNvram(FilePath, 8192).TryWrite(0, [0]));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_backend_console_queues_input_up_to_its_capacity()
    {
        Sink sink = new();
        BackendConsole console = new(sink);
        console.Write("out"u8);
        Assert.Equal("out"u8.ToArray(), sink.Bytes);
        console.Receive(new byte[5000]);
        byte[] bytes = new byte[8192];
        Assert.Equal(4096, console.Read(bytes));
        Assert.Equal(0, console.Read(bytes));
        console.Receive("ab"u8);
        Assert.Equal(1, console.Read(bytes.AsSpan(0, 1)));
        Assert.Equal(1, console.Read(bytes));
        Assert.Equal((byte)'b', bytes[0]);
    }

    private sealed class Sink : ICharacterBackend
    {
        public List<byte> Bytes { get; } = [];

        public void Write(ReadOnlySpan<byte> bytes) => Bytes.AddRange(bytes);
    }
}

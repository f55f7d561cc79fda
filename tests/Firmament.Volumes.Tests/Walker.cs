using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Volumes.Tests;

/// <summary>Uses everything a disk has, as firmware would, and watches what each operation costs.</summary>
internal sealed class Walker(MemorySource source)
{
    private const int MostDepth = 6;
    private const int MostOperations = 300;
    private const int Piece = 20_000;

    /// <summary>When an image has cost so much, the rest of it is left.</summary>
    private const long EnoughReads = 50_000;

    /// <summary>Misses an operation can pay for, and some reads of contents.</summary>
    private const long MostReads = (VolumeReader.OperationBudget / VolumeReader.MissCost) + Piece;

    private int _operations;
    private long _reads;

    /// <summary>The most reads of one operation.</summary>
    public long WorstReads { get; private set; }

    public int Files { get; private set; }

    public void Walk()
    {
        DiskLabel label = Operation(() => DiskLabel.Read(source));
        foreach (Partition partition in label.Partitions.Take(20).Prepend(label.WholeDisk))
        {
            PartitionSource window = partition.Open(source);
            Assert.InRange(window.Length, 0, source.Length);
            if (Operation(() => FileSystem.Open(window)) is { } volume)
            {
                Walk(volume, "", 0);
                Read(Operation(() => volume.OpenFile(@"\\:tbxi")));
                Read(Operation(() => volume.OpenFile(@"\ppc\bootinfo.txt")));
            }
        }
    }

    private void Walk(IFileSystem volume, string path, int depth)
    {
        IReadOnlyList<DirectoryEntry>? entries = Operation(() => volume.List(path));
        Assert.True(entries == null || entries.Count <= 65_536);
        foreach (DirectoryEntry entry in entries ?? [])
        {
            if (_operations > MostOperations || _reads > EnoughReads)
            {
                return;
            }

            Assert.True(entry.Length >= 0);
            string name = $"{path}/{entry.Name}";
            if (entry.Kind == EntryKind.Directory && depth < MostDepth)
            {
                Walk(volume, name, depth + 1);
            }
            else
            {
                Read(Operation(() => volume.OpenFile(name)));
            }
        }
    }

    private void Read(IVolumeFile? file)
    {
        if (file == null)
        {
            return;
        }

        Files++;
        Assert.True(file.Length >= 0);
        byte[] piece = new byte[Math.Min(file.Length, Piece)];
        foreach (long at in (ReadOnlySpan<long>)[0, (file.Length - piece.Length) / 2, file.Length - piece.Length])
        {
            Operation(() => file.TryRead(at, piece));
        }
    }

    private T Operation<T>(Func<T> operation)
    {
        _operations++;
        source.Reads = 0;
        T result = operation();
        _reads += source.Reads;
        WorstReads = Math.Max(WorstReads, source.Reads);
        Assert.InRange(source.Reads, 0, 2 * MostReads);
        return result;
    }
}

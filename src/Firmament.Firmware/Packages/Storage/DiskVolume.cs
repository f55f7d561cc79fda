using System.Globalization;
using System.Text;
using Firmament.Firmware.Booting;
using Firmament.Volumes;
using Firmament.Volumes.Boot;
using Firmament.Volumes.FileSystems;
using Firmament.Volumes.Labels;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>What the arguments of a disk name: the whole of it, a partition, or a file.</summary>
internal sealed class DiskVolume
{
    private const string BootInfoPath = @"\ppc\bootinfo.txt";
    private const string BlessedPath = @"\\:tbxi";
    private const string ElfMagic = "\u007fELF";

    private readonly DiskLabel _label;
    private readonly Partition? _partition;

    private DiskVolume(DiskLabel label, Partition? partition, IByteSource window, IVolumeFile? file)
    {
        _label = label;
        _partition = partition;
        Window = window;
        File = file;
    }

    /// <summary>The partition, or the whole disk.</summary>
    public IByteSource Window { get; }

    /// <summary>First byte of <see cref="Window"/> on the disk.</summary>
    public long Start => _partition?.Offset ?? 0;

    /// <summary>The file that the arguments name, or null when they name none.</summary>
    public IVolumeFile? File { get; }

    /// <summary>Opens what the arguments name. Null when the disk has no such partition, or the file system no such file.</summary>
    public static DiskVolume? Open(IByteSource disk, VolumeArguments arguments)
    {
        DiskLabel label = DiskLabel.Read(disk);
        Partition? partition = arguments.Partition.Length == 0 ? null : label.Find(arguments.Partition);
        if (partition == null && arguments.Partition.Length != 0)
        {
            return null;
        }

        IByteSource window = partition == null ? disk : partition.Open(disk);
        if (arguments.Path.Length == 0)
        {
            return new(label, partition, window, null);
        }

        return OpenFile(window, arguments.Path) is { } file ? new(label, partition, window, file) : null;
    }

    /// <summary>
    /// What to boot: the named file; else a PReP partition; else `\ppc\bootinfo.txt` or the blessed file of a file system; else a program that begins where the
    /// disk or the partition does. Source: CHRP binding 1.8 11.1; LoPAPR 1.1 C.14.
    /// </summary>
    public BootProgram? FindProgram(IDirectSource source, string device, VolumeArguments arguments, string? file)
    {
        if (File != null)
        {
            return Program(File, device, arguments);
        }

        foreach ((IByteSource window, string name) in Candidates())
        {
            if (file != null && OpenFile(window, file) is { } found)
            {
                return Program(found, device, new(name, file));
            }
        }

        if (_partition == null && _label.PrepBoot is { } prep)
        {
            return new DiskProgram(source, prep.Offset, prep.Length) { DeviceArguments = Number(prep) };
        }

        if (_partition is { IsPrepBoot: true } own)
        {
            return new DiskProgram(source, own.Offset, own.Length) { DeviceArguments = arguments.ToString() };
        }

        foreach ((IByteSource window, string name) in Candidates())
        {
            if (FindIn(window, device, name) is { } program)
            {
                return program;
            }
        }

        return BeginsWithProgram(Window) ? new DiskProgram(source, Start, Window.Length) { DeviceArguments = arguments.ToString() } : null;
    }

    private static IVolumeFile? OpenFile(IByteSource window, string path) => FileSystem.Open(window)?.OpenFile(path);

    private static string Number(Partition partition) => partition.Number.ToString(CultureInfo.InvariantCulture);

    private static bool BeginsWithProgram(IByteSource window)
    {
        Span<byte> start = stackalloc byte[4];
        return window.TryRead(0, start) && Encoding.Latin1.GetString(start) == ElfMagic;
    }

    private static BootProgram Program(IVolumeFile file, string device, VolumeArguments place) =>
        (BootProgram?)(IsBootInfo(place.Path) ? ReadBootInfo(file, device, place) : null) ?? new FileProgram(file) { DeviceArguments = place.ToString() };

    private static bool IsBootInfo(string path) => path.EndsWith("bootinfo.txt", StringComparison.OrdinalIgnoreCase);

    private static ScriptProgram? ReadBootInfo(IVolumeFile file, string device, VolumeArguments place)
    {
        byte[] text = new byte[Math.Min(file.Length, BootInfo.MostBytes)];
        string path = place.Path.Replace('/', '\\');
        int name = path.LastIndexOf('\\') + 1;
        BootLocation location = new(device, place.Partition, path[..Math.Max(0, name - 1)], path[name..]);
        return file.TryRead(0, text) && BootInfo.Parse(text) is { } info
            ? new ScriptProgram(info.ScriptAt(location)) { DeviceArguments = place.ToString(), IsScript = true }
            : null;
    }

    private static BootProgram? FindIn(IByteSource window, string device, string name)
    {
        if (FileSystem.Open(window) is not { } files)
        {
            return null;
        }

        if (files.OpenFile(BootInfoPath) is { } info && ReadBootInfo(info, device, new(name, BootInfoPath)) is { } script)
        {
            return script;
        }

        return files.OpenFile(BlessedPath) is { } blessed ? Program(blessed, device, new(name, BlessedPath)) : null;
    }

    /// <summary>Where a file system may be: the chosen partition, or else the whole disk and then each of its partitions.</summary>
    private IEnumerable<(IByteSource Window, string Name)> Candidates()
    {
        yield return (Window, _partition == null ? "" : Number(_partition));
        if (_partition == null)
        {
            foreach (Partition partition in _label.Partitions)
            {
                yield return (partition.Open(Window), Number(partition));
            }
        }
    }
}

using System.Text;

namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>
/// Reads the system use area of a directory record: the System Use Sharing Protocol (SUSP 1.12) and in it the Rock Ridge entries NM, PX, SL, CL and
/// RE (RRIP 1.12). Not modelled: ZF, whose files show their compressed contents.
/// </summary>
internal sealed class RockRidge(VolumeReader reader, IsoVolume volume)
{
    private const int MostAreas = 32;
    private const int MostNameBytes = 255;
    private const int ExtendedArchitectureLength = 14;
    private const int Continues = 1;
    private const int Current = 2;
    private const int Parent = 4;
    private const int FromRoot = 8;

    private readonly List<byte> _name = [];
    private readonly StringBuilder _target = new();
    private bool _componentContinues;

    /// <summary>Bytes to skip in every system use area; stated in the root's first record. Null when the volume has no Rock Ridge.</summary>
    public int? Skip { get; private set; }

    /// <summary>The alternate name; null when there is none.</summary>
    public string? Name => _name.Count == 0 ? null : Encoding.UTF8.GetString([.. _name]);

    /// <summary>Text of a symbolic link; null when it is none.</summary>
    public string? Target => _target.Length == 0 ? null : _target.ToString();

    /// <summary>POSIX file mode; 0 when not stated.</summary>
    public uint Mode { get; private set; }

    /// <summary>Block of the directory this record stands for; 0 for none.</summary>
    public uint ChildBlock { get; private set; }

    /// <summary>A directory that was moved, at the place it was moved to.</summary>
    public bool IsRelocated { get; private set; }

    /// <summary>Looks for "SP" in the system use area of the root's first record (SUSP 5.3), on a CD-ROM XA behind the attributes of that.</summary>
    public void Detect(Fields area)
    {
        foreach (int at in (ReadOnlySpan<int>)[0, ExtendedArchitectureLength])
        {
            if (area.Has(at, "SP"u8) && area.U8(at + 2) >= 7 && area.Be16(at + 4) == 0xbeef)
            {
                Skip = area.U8(at + 6);
                return;
            }
        }
    }

    /// <summary>Reads the entries of one record, and those of its continuation areas.</summary>
    public void Read(ReadOnlySpan<byte> area)
    {
        _name.Clear();
        _target.Clear();
        _componentContinues = false;
        Mode = 0;
        ChildBlock = 0;
        IsRelocated = false;
        Fields fields = new Fields(area).Slice(Skip ?? area.Length);
        for (int i = 0; i < MostAreas; i++)
        {
            if (ReadArea(fields) is not { Length: > 0 } next)
            {
                return;
            }

            byte[] continuation = new byte[(int)next.Length];
            if (!reader.TryReadStructure(next.Position, continuation))
            {
                return;
            }

            fields = continuation;
        }
    }

    /// <summary>Gives the place of the next area, or nothing.</summary>
    private Run ReadArea(Fields area)
    {
        Run next = Run.None;
        for (int at = 0; area.U8(at + 2) >= 4 && at + area.U8(at + 2) <= area.Length; at += area.U8(at + 2))
        {
            Fields entry = area.Slice(at, area.U8(at + 2));
            if (entry.Has(0, "ST"u8))
            {
                break;
            }

            if (entry.Has(0, "CE"u8))
            {
                long position = (entry.Le32(4) * (long)volume.BlockSize) + entry.Le32(12);
                next = new Run(position, Math.Min(entry.Le32(20), IsoVolume.SectorSize));
            }
            else
            {
                ReadEntry(entry);
            }
        }

        return next;
    }

    private void ReadEntry(Fields entry)
    {
        if (entry.Has(0, "NM"u8))
        {
            if ((entry.U8(4) & (Current | Parent)) == 0 && _name.Count + entry.Length - 5 <= MostNameBytes)
            {
                _name.AddRange(entry.Slice(5));
            }
        }
        else if (entry.Has(0, "PX"u8))
        {
            Mode = entry.Le32(4);
        }
        else if (entry.Has(0, "CL"u8))
        {
            ChildBlock = entry.Le32(4);
        }
        else if (entry.Has(0, "RE"u8))
        {
            IsRelocated = true;
        }
        else if (entry.Has(0, "SL"u8))
        {
            ReadLink(entry);
        }
    }

    /// <summary>Components of a link's target (RRIP 4.1.3).</summary>
    private void ReadLink(Fields entry)
    {
        for (int at = 5; at + 2 <= entry.Length && _target.Length < VolumePath.MostCharacters; at += 2 + entry.U8(at + 1))
        {
            int flags = entry.U8(at);
            if (_target.Length > 0 && !_componentContinues && _target[^1] != '/')
            {
                _target.Append('/');
            }

            _target.Append((flags & (Current | Parent | FromRoot)) switch
            {
                Current => ".",
                Parent => "..",
                FromRoot => "/",
                _ => Encoding.UTF8.GetString(entry.Slice(at + 2, entry.U8(at + 1))),
            });
            _componentContinues = (flags & Continues) != 0;
        }
    }
}

namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>
/// ISO 9660 (ECMA-119), with Rock Ridge names where the volume has them, else with Joliet's. Not modelled: interleaved files, extended attributes,
/// volume sets, later sessions.
/// </summary>
internal sealed class IsoFileSystem : TreeFileSystem
{
    private readonly IsoVolume _volume;
    private readonly IsoDirectory _directories;
    private readonly IsoNode _root;
    private readonly bool _hasRockRidge;

    private IsoFileSystem(VolumeReader reader, IsoVolume volume, IsoDirectory directories, IsoNode root, bool hasRockRidge)
        : base(reader)
    {
        _volume = volume;
        _directories = directories;
        _root = root;
        _hasRockRidge = hasRockRidge;
    }

    public override string Kind => "iso9660";

    public override string Label => _volume.Label;

    protected override Node Root => _root;

    /// <summary>Null when the medium is not ISO 9660.</summary>
    public static IsoFileSystem? Open(VolumeReader reader)
    {
        List<IsoVolume> volumes = IsoVolume.Read(reader);
        if (volumes.Count == 0)
        {
            return null;
        }

        IsoFileSystem? primary = Open(reader, volumes[0]);
        IsoVolume? joliet = volumes.Find(static volume => volume.IsJoliet);
        return primary is { _hasRockRidge: true } || joliet == null ? primary : Open(reader, joliet) ?? primary;
    }

    private static IsoFileSystem? Open(VolumeReader reader, IsoVolume volume)
    {
        RockRidge rockRidge = new(reader, volume);
        IsoDirectory directories = new(reader, volume, rockRidge);
        if (directories.Root() is not { } root || directories.OwnSystemUse(root) is not { } systemUse)
        {
            return null;
        }

        rockRidge.Detect(volume.IsJoliet ? default(Fields) : systemUse);
        return new IsoFileSystem(reader, volume, directories, root, rockRidge.Skip != null);
    }

    protected override void Scan(Node directory, Func<Node, bool> visit) => _directories.Scan((IsoNode)directory, MostDirectoryBytes, visit);

    protected override Node? Complete(Node found) => found is IsoNode { ChildBlock: not 0 } moved ? _directories.At(moved.ChildBlock, moved.Name) : found;

    protected override FileContent? ContentOf(Node file) => new IsoContent(Reader, ((IsoNode)file).Extents);

    protected override string? TargetOf(Node link) => ((IsoNode)link).Target;

    protected override string Respell(string name) => IsoNames.WithoutVersion(name);
}

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>What a number that stands for something is of.</summary>
internal enum NameKind
{
    None,
    Address,
    Code,
    Phandle,
    Ihandle,
}

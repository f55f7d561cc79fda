namespace Firmament.Cli.Options;

/// <summary>Headings of the run command's help, in order.</summary>
internal enum OptionGroup
{
    Options,
    Tree,
    Boot,
    Machine,
    Devices,
    Console,
    Run,
    Trace,
    Qemu,
}

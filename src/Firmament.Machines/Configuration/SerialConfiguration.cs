namespace Firmament.Machines.Configuration;

/// <summary>One serial port of the board; its host end is <see cref="HostServices.SerialPorts"/> at the same index.</summary>
public sealed record SerialConfiguration
{
    /// <summary>The backend as the user wrote it ("stdio", "file:log"), for messages and `info chardev`.</summary>
    public string Backend { get; init; } = "null";
}

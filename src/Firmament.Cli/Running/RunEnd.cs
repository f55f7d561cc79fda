namespace Firmament.Cli.Running;

/// <summary>How a run of the program ended.</summary>
/// <param name="ExitCode">For the shell.</param>
/// <param name="Message">A sentence for standard error, or null.</param>
internal sealed record RunEnd(int ExitCode, string? Message = null);

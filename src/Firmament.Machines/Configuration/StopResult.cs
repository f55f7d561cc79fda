namespace Firmament.Machines.Configuration;

/// <summary>How a run ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="ExitCode">The client program's code (0 to 255) for <see cref="StopReason.Exit"/>, else 0.</param>
/// <param name="Message">One sentence for the user, or null when the reason says it all.</param>
public readonly record struct StopResult(StopReason Reason, int ExitCode = 0, string? Message = null);

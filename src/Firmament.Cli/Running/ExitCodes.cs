namespace Firmament.Cli.Running;

/// <summary>Exit codes, as command-line.md section 3 has them.</summary>
internal static class ExitCodes
{
    /// <summary>Power-off, reset with --no-reboot, the awaited text, a signal, quit.</summary>
    public const int Success = 0;

    /// <summary>User errors, a machine that cannot go on, a run that ended before the awaited text.</summary>
    public const int Failure = 1;

    /// <summary>trace diff could not compare; 1 is that the traces differ, as diff(1) has it.</summary>
    public const int Trouble = 2;

    /// <summary>--timeout, as timeout(1) has it.</summary>
    public const int TimedOut = 124;
}

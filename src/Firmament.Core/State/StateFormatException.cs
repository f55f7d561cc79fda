namespace Firmament.Core.State;

/// <summary>
/// A saved state does not fit the machine it is loaded into, or is damaged. What was loaded before stays: reset the machine, or drop it.
/// </summary>
public sealed class StateFormatException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="path">The field or group, names joined by slashes from the machine down; empty for the stream as a whole.</param>
    /// <param name="problem">A clause that says what is wrong.</param>
    public StateFormatException(string path, string problem)
        : base(path.Length == 0 ? $"the saved state is unusable: {problem}" : $"the saved state is unusable at {path}: {problem}") => Path = path;

    /// <summary>The field or group, names joined by slashes from the machine down; empty for the stream as a whole.</summary>
    public string Path { get; }
}

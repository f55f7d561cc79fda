using Firmament.Core;

namespace Firmament.Benchmarks;

/// <summary>A file of text by people and results by commands, such as docs/performance.md: each command's results stand between two comment lines.</summary>
internal static class ResultsFile
{
    /// <summary>Replaces a command's results, or appends them when the file has none yet.</summary>
    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="command">"compare" or "parts".</param>
    /// <param name="text">Markdown.</param>
    /// <exception cref="UserErrorException">The file cannot be read or written.</exception>
    public static void Write(string path, string command, string text)
    {
        string begin = $"<!-- bench/run {command}: results -->";
        string end = $"<!-- bench/run {command}: end -->";
        try
        {
            string old = File.Exists(path) ? File.ReadAllText(path) : "";
            int from = old.IndexOf(begin, StringComparison.Ordinal);
            int to = old.IndexOf(end, StringComparison.Ordinal);
            (string before, string after) = from >= 0 && to > from ? (old[..from], old[(to + end.Length)..]) : (old, "\n");
            File.WriteAllText(path, $"{before}{begin}\n\n{text.Trim()}\n\n{end}{after}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The results cannot be written to '{path}' ({error.Message.TrimEnd('.')}); give another --output.", error);
        }
    }
}

using System.Globalization;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>
/// Reads two traces a second time, side by side along their alignment, and prints where they differ: lines of both with " " before them, of the first only with
/// "-", of the second only with "+".
/// </summary>
internal sealed class DiffWriter
{
    private const int MostLinesOfHunk = 20;
    private readonly TraceReader _left;
    private readonly TraceReader _right;
    private readonly DiffSettings _settings;
    private readonly Action<string> _print;
    private readonly Renaming _renaming = new();
    private readonly Queue<string> _before = new();
    private readonly DiffOutcome _outcome = new();
    private int _afterwards;
    private bool _inHunk;

    private DiffWriter(Stream left, Stream right, DiffSettings settings, Action<string> print)
    {
        _left = new TraceReader(left);
        _right = new TraceReader(right);
        _settings = settings;
        _print = print;
    }

    /// <summary>Prints the differences, at most as many as the settings say, and counts all of them.</summary>
    public static DiffOutcome Write(Stream left, Stream right, IReadOnlyList<Match> matches, (int Left, int Right) lengths, DiffSettings settings, Action<string> print)
    {
        DiffWriter writer = new(left, right, settings, print);
        (int a, int b) = (0, 0);
        foreach (Match match in matches)
        {
            writer.Different(match.Left - a, match.Right - b);
            writer.Alike(match.Length);
            (a, b) = (match.Left + match.Length, match.Right + match.Length);
        }

        writer.Different(lengths.Left - a, lengths.Right - b);
        return writer._outcome;
    }

    private bool Prints => _outcome.Hunks <= _settings.MostHunks;

    private void Alike(int count)
    {
        for (int i = 0; i < count; i++)
        {
            TraceEvent left = Next(_left);
            TraceEvent right = Next(_right);
            _outcome.Common++;
            if (!_settings.Exact && _renaming.Check(left, right) is { } conflict)
            {
                _outcome.Renamed++;
                Begin();
                Show("- " + TraceLines.Of(left));
                Show("+ " + TraceLines.Of(right));
                Show("  (" + conflict + ")");
                continue;
            }

            Context(left);
        }
    }

    private void Context(in TraceEvent traceEvent)
    {
        if (_afterwards > 0)
        {
            _afterwards--;
            Show("  " + TraceLines.Of(traceEvent));
            return;
        }

        _inHunk = false;
        if (_settings.Context > 0 && _outcome.Hunks < _settings.MostHunks)
        {
            if (_before.Count == _settings.Context)
            {
                _before.Dequeue();
            }

            _before.Enqueue("  " + TraceLines.Of(traceEvent));
        }
    }

    private void Different(int left, int right)
    {
        if (left + right == 0)
        {
            return;
        }

        _outcome.OnlyLeft += left;
        _outcome.OnlyRight += right;
        Begin();
        Skip(_left, left, "- ");
        Skip(_right, right, "+ ");
    }

    private void Skip(TraceReader reader, int count, string mark)
    {
        for (int i = 0; i < count; i++)
        {
            TraceEvent traceEvent = Next(reader);
            if (i < MostLinesOfHunk)
            {
                Show(mark + TraceLines.Of(traceEvent));
            }
        }

        if (count > MostLinesOfHunk)
        {
            Show(string.Create(CultureInfo.InvariantCulture, $"{mark}… and {count - MostLinesOfHunk:N0} more"));
        }
    }

    /// <summary>Starts a place where they differ, unless the last one is so near that they are one.</summary>
    private void Begin()
    {
        _afterwards = _settings.Context;
        if (_inHunk)
        {
            return;
        }

        _inHunk = true;
        _outcome.Hunks++;
        Show(string.Create(CultureInfo.InvariantCulture, $"@@ after line {_left.Line} of the first, line {_right.Line} of the second @@"));
        foreach (string line in _before)
        {
            Show(line);
        }

        _before.Clear();
    }

    private void Show(string line)
    {
        if (Prints)
        {
            _print(line);
        }
    }

    private TraceEvent Next(TraceReader reader)
    {
        while (reader.TryRead(out TraceEvent traceEvent))
        {
            if (CallShape.IsCompared(traceEvent, _settings.Exact))
            {
                return traceEvent;
            }
        }

        throw new EndOfStreamException("The trace became shorter while it was compared.");
    }
}

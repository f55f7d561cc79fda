using System.Diagnostics;
using Firmament.Core;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Cli.Tracing.Perfetto;

/// <summary>
/// --perfetto: a time line of a run in virtual time. Firmware calls with their arguments and results, nested; when which CPU ran; guest errors; and for each
/// millisecond instructions, interrupts, TLB misses and translation. It is written as it happens.
/// </summary>
internal sealed class PerfettoTrace : ITraceSink, IMachineWatcher, ITranslationWatcher, IDisposable
{
    /// <summary>What it wants to be told.</summary>
    public const TraceCategory Categories = TraceCategory.Firmware | TraceCategory.GuestErrors;

    private const int CallThread = 100;
    private const int ErrorThread = 101;
    private static readonly VirtualTime Interval = VirtualTime.FromMilliseconds(1);

    private readonly HeldOutput _output;
    private readonly PerfettoWriter _writer;
    private readonly Stack<(string Source, string Name)> _calls = new();
    private readonly Dictionary<int, Turns> _turns = [];
    private VirtualTime _intervalStart;
    private VirtualTime _lastEnd;
    private long _instructions;
    private EngineStatistics _before;
    private TimeSpan _translating;
    private long _translationStart;

    /// <summary>Makes a time line for a machine of this name.</summary>
    public PerfettoTrace(string path, string machine)
    {
        _output = new HeldOutput(path, "--perfetto");
        _writer = new PerfettoWriter(bytes => _output.Write(bytes));
        _writer.NameProcess(machine);
        _writer.NameThread(CallThread, "firmware calls");
        _writer.NameThread(ErrorThread, "guest errors");
    }

    /// <summary>Opens the file.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public void Start() => _output.Start();

    /// <inheritdoc/>
    public void Begin(in TraceEvent call)
    {
        _calls.Push((call.Source, call.Name));
        _writer.Event("B", CallThread, Title(call), call);
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        if (traceEvent.Category == TraceCategory.GuestErrors)
        {
            _writer.Event("i", ErrorThread, $"{traceEvent.Source}: {traceEvent.Name}", traceEvent);
        }
        else if (_calls.TryPeek(out (string Source, string Name) open) && open == (traceEvent.Source, traceEvent.Name))
        {
            _calls.Pop();
            _writer.Event("E", CallThread, Title(traceEvent), traceEvent);
        }
        else
        {
            // It was refused before it began.
            _writer.Event("i", CallThread, Title(traceEvent), traceEvent);
        }
    }

    /// <inheritdoc/>
    public void TurnEnded(in MachineTurn turn)
    {
        AddTurn(turn);
        if (turn.Start - _lastEnd > Interval)
        {
            // The machine slept.
            Count(turn.Machine, _lastEnd);
            Zero(_lastEnd);
            _intervalStart = turn.Start;
        }

        _instructions += turn.Instructions;
        _lastEnd = turn.End > _lastEnd ? turn.End : _lastEnd;
        if (_lastEnd - _intervalStart >= Interval)
        {
            Count(turn.Machine, _lastEnd);
        }
    }

    /// <inheritdoc/>
    public void Begins() => _translationStart = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Translated(TranslatedRegion region) => _translating += Stopwatch.GetElapsedTime(_translationStart);

    /// <summary>Writes what is not written yet.</summary>
    public void Finish(IMachine machine)
    {
        foreach ((int index, Turns turns) in _turns)
        {
            Write(index, turns);
        }

        Count(machine, _lastEnd);
        Zero(_lastEnd);
        _writer.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }

    /// <summary>Turns that follow one another are one slice, until the CPU pauses or another one has its turn.</summary>
    private void AddTurn(in MachineTurn turn)
    {
        int index = turn.Processor.Index;
        if (!_turns.TryGetValue(index, out Turns turns))
        {
            _writer.NameThread(index + 1, $"CPU {index}");
        }
        else if (turns.End == turn.Start && turns.Instructions != 0)
        {
            _turns[index] = new Turns(turns.Start, turn.End, turns.Instructions + turn.Instructions);
            return;
        }
        else
        {
            Write(index, turns);
        }

        _turns[index] = new Turns(turn.Start, turn.End, turn.Instructions);
    }

    private void Write(int index, Turns turns)
    {
        if (turns.Instructions != 0)
        {
            _writer.Slice(index + 1, "runs", turns.Start, turns.End, "instructions", turns.Instructions);
        }
    }

    private void Count(IMachine machine, VirtualTime end)
    {
        double milliseconds = (end - _intervalStart).Nanoseconds / 1e6;
        if (milliseconds <= 0)
        {
            return;
        }

        EngineStatistics now = machine.EngineStatistics;
        _writer.Counter("MIPS (virtual)", _intervalStart, _instructions / milliseconds / 1e3);
        _writer.Counter("interrupts a ms", _intervalStart, (now.Interrupts - _before.Interrupts) / milliseconds);
        _writer.Counter("TLB misses a ms", _intervalStart, (now.TlbMisses - _before.TlbMisses) / milliseconds);
        _writer.Counter("regions translated a ms", _intervalStart, (now.Regions - _before.Regions) / milliseconds);
        _writer.Counter("translation, host µs a ms", _intervalStart, _translating.TotalMicroseconds / milliseconds);
        (_before, _instructions, _translating, _intervalStart) = (now, 0, TimeSpan.Zero, end);
    }

    private void Zero(VirtualTime time)
    {
        foreach (string name in (string[])["MIPS (virtual)", "interrupts a ms", "TLB misses a ms", "regions translated a ms", "translation, host µs a ms"])
        {
            _writer.Counter(name, time, 0);
        }
    }

    private static string Title(in TraceEvent call) =>
        call.Name is "call-method" or "interpret" && call.Fields.Count != 0 ? $"{call.Name} {call.Fields[0].Value}" : call.Name;

    private readonly record struct Turns(VirtualTime Start, VirtualTime End, long Instructions);
}

using System.Globalization;
using System.Text;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Profiling;

/// <summary>
/// Samples a guest's stack each so many instructions and counts equal ones, for a flame graph. It counts instructions, not time, so that two runs give the
/// same profile; and it only reads, so that a profiled run is the run without.
/// </summary>
/// <remarks>
/// With one CPU samples are exact. With several a CPU's turn is over first, so that samples are late by up to one turn; their number is right.
/// User programs are one frame, [user]: their symbols are not known here. Idle time executes nothing and is not seen.
/// </remarks>
public sealed class GuestProfiler : IMachineWatcher
{
    /// <summary>Instructions between samples unless told otherwise: a prime, so that a loop is not always met at the same place.</summary>
    public const long DefaultEvery = 99_991;

    private const ulong ProblemState = 0x4000;
    private const int MostStacks = 1_000_000;
    private readonly SymbolTable _symbols;
    private readonly long _every;
    private readonly Dictionary<string, long> _stacks = [];
    private readonly List<ulong> _frames = [];
    private readonly List<string> _names = [];
    private readonly StringBuilder _stack = new();
    private long[] _left = [];

    /// <summary>Makes a profiler that has seen nothing.</summary>
    /// <param name="symbols">The guest's functions.</param>
    /// <param name="every">Instructions of a CPU between two samples, at least 1.</param>
    public GuestProfiler(SymbolTable symbols, long every = DefaultEvery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        _symbols = symbols;
        _every = every;
    }

    /// <summary>Samples taken.</summary>
    public long Samples { get; private set; }

    /// <inheritdoc/>
    public long UntilLook(int processor) => processor < _left.Length ? _left[processor] : _every;

    /// <inheritdoc/>
    public void TurnEnded(in MachineTurn turn)
    {
        int index = turn.Processor.Index;
        while (index >= _left.Length)
        {
            _left = [.. _left, _every];
        }

        _left[index] -= turn.Instructions;
        if (_left[index] > 0)
        {
            return;
        }

        long samples = 1 + (-_left[index] / _every);
        _left[index] += samples * _every;
        Samples += samples;
        string stack = Stack(turn);
        if (_stacks.TryGetValue(stack, out long count))
        {
            _stacks[stack] = count + samples;
        }
        else
        {
            stack = _stacks.Count < MostStacks ? stack : "[more stacks than are kept apart]";
            _stacks[stack] = _stacks.GetValueOrDefault(stack) + samples;
        }
    }

    /// <summary>The counts in the folded form that flame graph tools read: frames from the outermost, separated by semicolons, a space, the samples. Ordered by stack.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach ((string stack, long count) in _stacks.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{stack} {count}\n"));
        }
    }

    private string Stack(in MachineTurn turn)
    {
        _stack.Clear();
        if (turn.Processors > 1)
        {
            _stack.Append(CultureInfo.InvariantCulture, $"cpu{turn.Processor.Index};");
        }

        if ((turn.Processor.Msr & ProblemState) != 0 && _symbols.Find(turn.Processor.Pc) == null)
        {
            return _stack.Append("[user]").ToString();
        }

        StackWalker.Walk(turn.Processor, turn.Memory, SameFunction, _frames);
        _names.Clear();
        for (int i = 0; i < _frames.Count; i++)
        {
            // A return address belongs to the call before it.
            string? name = _symbols.Find(i == 0 ? _frames[i] : _frames[i] - 4);
            if (name != null || i == 0)
            {
                _names.Add((name ?? "[unknown]").Replace(';', ':').Replace(' ', '_'));
            }
        }

        for (int i = _names.Count - 1; i >= 0; i--)
        {
            _stack.Append(_names[i]).Append(i == 0 ? "" : ";");
        }

        return _stack.ToString();
    }

    private bool SameFunction(ulong left, ulong right) => _symbols.Find(left) is { } name && name == _symbols.Find(right);
}

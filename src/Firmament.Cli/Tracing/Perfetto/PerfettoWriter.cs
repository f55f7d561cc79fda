using System.Buffers;
using System.Text.Json;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Perfetto;

/// <summary>
/// Events in Chrome's trace event format, as an array: ui.perfetto.dev and chrome://tracing open it, also when its end is missing. One process stands for the
/// machine, its threads for CPUs and kinds of calls. Source: Trace Event Format, Google, sections "Duration", "Complete", "Counter" and "Metadata Events".
/// </summary>
internal sealed class PerfettoWriter(Action<ReadOnlySpan<byte>> emit) : IDisposable
{
    private const int Process = 1;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private bool _any;

    /// <summary>Names the process.</summary>
    public void NameProcess(string name)
    {
        Begin("M", "process_name", 0, null);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        End();
    }

    /// <summary>Names a thread.</summary>
    public void NameThread(int thread, string name)
    {
        Begin("M", "thread_name", thread, null);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        End();
    }

    /// <summary>Something that lasted.</summary>
    public void Slice(int thread, string name, VirtualTime start, VirtualTime end, string argument, long value)
    {
        Begin("X", name, thread, start);
        _json.WriteNumber("dur", Microseconds((end - start).Nanoseconds));
        _json.WriteStartObject("args");
        _json.WriteNumber(argument, value);
        _json.WriteEndObject();
        End();
    }

    /// <summary>A value from now on.</summary>
    public void Counter(string name, VirtualTime time, double value)
    {
        Begin("C", name, 0, time);
        _json.WriteStartObject("args");
        _json.WriteNumber("value", Math.Round(value, 3));
        _json.WriteEndObject();
        End();
    }

    /// <summary>A call begins ("B"), ends ("E"), or something happens at a point ("i").</summary>
    public void Event(string phase, int thread, string name, in TraceEvent traceEvent)
    {
        Begin(phase, name, thread, traceEvent.Time);
        _json.WriteString("cat", traceEvent.Source);
        if (phase == "i")
        {
            _json.WriteString("s", "t");
        }

        _json.WriteStartObject("args");
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            _json.WriteString(field.Key, field.Value);
        }

        _json.WriteEndObject();
        End();
    }

    /// <summary>Ends the array.</summary>
    public void Finish() => emit(_any ? "\n]\n"u8 : "[]\n"u8);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Begin(string phase, string name, int thread, VirtualTime? time)
    {
        _buffer.ResetWrittenCount();
        _buffer.Write(_any ? ",\n"u8 : "[\n"u8);
        _any = true;
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", Process);
        _json.WriteNumber("tid", thread);
        if (time is { } at)
        {
            _json.WriteNumber("ts", Microseconds(at.Nanoseconds));
        }
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        emit(_buffer.WrittenSpan);
    }

    private static decimal Microseconds(long nanoseconds) => nanoseconds / 1000m;
}

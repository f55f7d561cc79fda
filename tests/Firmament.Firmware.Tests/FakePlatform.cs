using System.Text;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Firmware.Nvram;
using Firmament.PowerPC;

namespace Firmament.Firmware.Tests;

/// <summary>A small machine that records what the firmware asks of it.</summary>
internal sealed class FakePlatform : IFirmwarePlatform, IFirmwareConsole, IPciConfiguration, IRealTimeClock, ITraceSink, IDisposable
{
    private readonly Queue<byte> _input = new();

    public FakePlatform(ulong ramSize = 16 << 20)
    {
        Ram = new GuestMemory(ramSize);
        Tracer = new Tracer { Sink = this, Enabled = TraceCategory.Firmware | TraceCategory.GuestErrors };
        Nvram = new MemoryNvram(0x2000);
        Processors = [new FakeProcessor()];
    }

    public List<TraceEvent> Events { get; } = [];

    public StringBuilder Output { get; } = new();

    public List<(PlatformRequest Request, string Detail)> Requests { get; } = [];

    public List<(int Index, uint Pc, uint R3)> Started { get; } = [];

    public List<VirtualTime> Idles { get; } = [];

    public int Quiesced { get; private set; }

    public int Stopped { get; private set; }

    public DateTime Time { get; set; } = new DateTime(2026, 11, 22, 18, 22, 7, DateTimeKind.Utc).AddTicks(1234567);

    public Dictionary<(PciConfigurationAddress Address, int Register), uint> Registers { get; } = [];

    public GuestMemory Ram { get; }

    public Tracer Tracer { get; }

    public VirtualTime Now { get; set; }

    public ulong TimeBaseFrequency => 33_333_333;

    public IReadOnlyList<IProcessor> Processors { get; }

    public IFirmwareConsole Console => this;

    public IPciConfiguration? Pci => this;

    public IRealTimeClock? Clock { get; set; }

    public INvram? Nvram { get; set; }

    public void Type(string text)
    {
        foreach (byte b in Encoding.Latin1.GetBytes(text))
        {
            _input.Enqueue(b);
        }
    }

    public IEnumerable<string> GuestErrors => Events.Where(static e => e.Category == TraceCategory.GuestErrors).Select(static e => e.Name);

    public void Request(PlatformRequest request, string detail) => Requests.Add((request, detail));

    public void Quiesce() => Quiesced++;

    public void Idle(IProcessor processor, VirtualTime deadline) => Idles.Add(deadline);

    public void AwaitInput(bool took)
    {
    }

    /// <summary>What happens when the firmware waits; null lets the time pass.</summary>
    public Func<VirtualTime, bool>? Waiter { get; set; }

    public bool Wait(VirtualTime duration)
    {
        if (Waiter != null)
        {
            return Waiter(duration);
        }

        Now += duration;
        return true;
    }

    public bool TryStartProcessor(int index, uint pc, uint r3)
    {
        Started.Add((index, pc, r3));
        return true;
    }

    public void StopProcessor(IProcessor processor) => Stopped++;

    public void Write(ReadOnlySpan<byte> bytes) => Output.Append(Encoding.Latin1.GetString(bytes));

    public int Read(Span<byte> destination)
    {
        int count = 0;
        while (count < destination.Length && _input.TryDequeue(out byte b))
        {
            destination[count++] = b;
        }

        return count;
    }

    public bool TryRead(PciConfigurationAddress address, int register, int size, out uint value)
    {
        value = Registers.TryGetValue((address, register), out uint found) ? found : uint.MaxValue >> (32 - (8 * size));
        return address.Hose < 2;
    }

    public bool TryWrite(PciConfigurationAddress address, int register, int size, uint value)
    {
        Registers[(address, register)] = value;
        return address.Hose < 2;
    }

    public DateTime Read() => Time;

    public bool TrySet(DateTime time)
    {
        Time = time;
        return time.Year >= 1970;
    }

    public void Write(in TraceEvent traceEvent) => Events.Add(traceEvent);

    public void Dispose() => Ram.Dispose();
}

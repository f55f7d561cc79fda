using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Tests.Shared;

/// <summary>What a device needs around it: a clock, a tracer, wires, a console.</summary>
public sealed class Bench : ICharacterBackend
{
    public Scheduler Scheduler { get; } = new();

    public Tracer Tracer { get; } = new();

    public List<byte> Output { get; } = [];

    /// <summary>A wire and the number of times it rose.</summary>
    public InterruptLine Line { get; }

    public int Rises { get; private set; }

    public Bench() => Line = new InterruptLine("test", level => Rises += level ? 1 : 0);

    public void Write(ReadOnlySpan<byte> bytes) => Output.AddRange(bytes);

    public void AdvanceMicroseconds(long microseconds) => Scheduler.AdvanceTo(Scheduler.Now + VirtualTime.FromMicroseconds(microseconds));

    public void AdvanceNanoseconds(long nanoseconds) => Scheduler.AdvanceTo(Scheduler.Now + new VirtualTime(nanoseconds));
}

internal static class Ports
{
    public static byte In(this IMmioTarget target, ulong offset) => (byte)target.Read(offset, 1);

    public static void Out(this IMmioTarget target, ulong offset, byte value) => target.Write(offset, value, 1);
}

using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Tests.Virtio;

/// <summary>A bus with 4 MiB of RAM behind it, as a driver sees it.</summary>
internal sealed class PciRig : IDisposable
{
    public PciRig()
    {
        Ram = new GuestMemory(4 << 20);
        Bus = new PciBus("pci", new RamDma(Ram), (_, _) => new InterruptLine("int", level => InterruptLevel = level), Tracer);
    }

    public GuestMemory Ram { get; }

    public PciBus Bus { get; }

    public Tracer Tracer { get; } = new();

    public Scheduler Scheduler { get; } = new();

    public InputJournal Journal { get; } = new();

    public bool InterruptLevel { get; private set; }

    public byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(Ram.TryRead(new PhysicalAddress(address), bytes));
        return bytes;
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(Ram.TryWrite(new PhysicalAddress(address), bytes));

    public void Dispose() => Ram.Dispose();

    private sealed class RamDma(GuestMemory ram) : IDmaSpace
    {
        public bool TryRead(ulong address, Span<byte> destination) => ram.TryRead(new PhysicalAddress(address), destination);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => ram.TryWrite(new PhysicalAddress(address), source);
    }
}

/// <summary>Saves a component's fields in order, and loads them again.</summary>
internal sealed class FieldList : StateVisitor
{
    private readonly List<byte[]> _values = [];
    private int _next;
    private bool _loading;

    public override bool IsLoading => _loading;

    public static void Copy(IStateful from, IStateful to)
    {
        FieldList list = new();
        from.Visit(list);
        list._loading = true;
        to.Visit(list);
        Assert.Equal(list._values.Count, list._next);
    }

    public static string Hash(IStateful component)
    {
        HashVisitor hash = new();
        component.Visit(hash);
        return hash.Result;
    }

    public override int Begin(string name, int version) => version;

    public override void End()
    {
    }

    public override void Bytes(string name, Span<byte> bytes)
    {
        if (_loading)
        {
            _values[_next++].CopyTo(bytes);
        }
        else
        {
            _values.Add(bytes.ToArray());
        }
    }

    public override void Field(string name, ref ulong value)
    {
        if (_loading)
        {
            value = BitConverter.ToUInt64(_values[_next++]);
        }
        else
        {
            _values.Add(BitConverter.GetBytes(value));
        }
    }

    public override void Memory(string name, GuestMemory memory)
    {
    }
}

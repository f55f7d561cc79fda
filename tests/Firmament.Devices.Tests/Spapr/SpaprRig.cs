using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Tests.Spapr;

/// <summary>A partition's memory, DMA windows, interrupt sources and virtual I/O bus.</summary>
internal sealed class SpaprRig : IDisposable
{
    private readonly Dictionary<int, InterruptLine> _lines = [];

    public SpaprRig()
    {
        Ram = new GuestMemory(16 << 20);
        Tables = new TceTables(Ram, Tracer);
        Bus = new VioBus(Tables, Source);
        Numbers = new PseriesInterrupts([], Ram, static () => 0, InterruptMode.Xics, Tracer);
    }

    public GuestMemory Ram { get; }

    public Tracer Tracer { get; } = new();

    public InputJournal Journal { get; } = new();

    public TceTables Tables { get; }

    public PseriesInterrupts Numbers { get; }

    public VioBus Bus { get; }

    /// <summary>How often each source rose.</summary>
    public Dictionary<int, int> Rises { get; } = [];

    public InterruptLine Source(int number)
    {
        if (!_lines.TryGetValue(number, out InterruptLine? line))
        {
            line = new InterruptLine($"source {number:x}", level => Rises[number] = Rises.GetValueOrDefault(number) + (level ? 1 : 0));
            _lines.Add(number, line);
        }

        return line;
    }

    public SpaprPhb Bridge(int index = 0) => new(index, Tables, Numbers, Source, Tracer);

    /// <summary>Maps pages of 4 KiB at an I/O address to RAM at <paramref name="real"/>, for reading and writing.</summary>
    public void Map(uint liobn, ulong ioba, ulong real, int pages, ulong permissions = 3)
    {
        for (ulong i = 0; i < (ulong)pages; i++)
        {
            Assert.Equal(PaprStatus.Success, Tables.Put(liobn, ioba + (i << 12), (real + (i << 12)) | permissions));
        }
    }

    public byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(Ram.TryRead(new PhysicalAddress(address), bytes));
        return bytes;
    }

    public ulong Read64(ulong address) => BinaryPrimitives.ReadUInt64BigEndian(Read(address, 8));

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(Ram.TryWrite(new PhysicalAddress(address), bytes));

    public void Dispose() => Ram.Dispose();
}

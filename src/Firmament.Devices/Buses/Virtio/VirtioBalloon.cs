using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// The virtio memory balloon: the guest gives pages up, which the host then has back, and takes them again; and statistics of its memory.
/// Source: virtio 1.1, 5.5. Not modelled: deflate on out-of-memory (a matter of the driver's alone), page poison, free page hints and reports.
/// </summary>
/// <remarks>Page numbers are of 4 KiB, whatever the guest's page size. A page given up reads as zeros until it is written.</remarks>
public sealed class VirtioBalloon : VirtioDevice
{
    private const int InflateQueue = 0;
    private const int DeflateQueue = 1;
    private const int StatisticsQueue = 2;
    private const int StatisticsFeature = 1;
    private const int PageShift = 12;
    private const ulong MostPages = 1 << 20;
    private const int StatisticLength = 10;
    private const int StatisticKinds = 16;

    private readonly Func<ulong, ulong, bool> _discard;
    private readonly Tracer _tracer;
    private readonly byte[] _buffer = new byte[4096];
    private readonly ulong[] _statistics = new ulong[StatisticKinds];
    private readonly VirtqueueChain _report = new();
    private uint _target;
    private uint _actual;
    private ushort _reportHead;
    private bool _hasReport;
    private uint _known;

    /// <summary>Makes the device.</summary>
    /// <param name="name">Unique on its bus.</param>
    /// <param name="discard">Gives a range of the guest's physical memory back to the host (address, length in bytes); false when it is not memory.</param>
    /// <param name="tracer">For guest mistakes.</param>
    public VirtioBalloon(string name, Func<ulong, ulong, bool> discard, Tracer tracer) : base(5, 0x00ff00, 128, 128, 128)
    {
        Name = name;
        _discard = discard;
        _tracer = tracer;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => 1ul << StatisticsFeature;

    /// <inheritdoc/>
    public override int ConfigurationLength => 8;

    /// <summary>Bytes the guest says it gave up.</summary>
    public ulong ActualBytes => (ulong)_actual << PageShift;

    /// <summary>Bytes the guest is asked to give up.</summary>
    public ulong TargetBytes => (ulong)_target << PageShift;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        // 5.5.4: these are little-endian for legacy drivers too.
        Put32(configuration, 0, _target, Endianness.Little);
        Put32(configuration, 4, _actual, Endianness.Little);
    }

    /// <inheritdoc/>
    public override void SetConfiguration(int offset, ReadOnlySpan<byte> bytes, Endianness order)
    {
        const int Actual = 4;
        for (int i = 0; i < bytes.Length; i++)
        {
            int at = offset + i - Actual;
            if (at is >= 0 and < 4)
            {
                _actual = (_actual & ~(0xffu << (8 * at))) | ((uint)bytes[i] << (8 * at));
            }
        }
    }

    /// <summary>Asks the guest to give up memory, or to take it again. Call on the machine's thread.</summary>
    /// <param name="bytes">How much in all; a multiple of 4 KiB counts.</param>
    public void SetTarget(ulong bytes)
    {
        uint target = (uint)Math.Min(bytes >> PageShift, uint.MaxValue);
        if (target != _target)
        {
            _target = target;
            Transport.InterruptConfiguration();
        }
    }

    /// <summary>Asks for new statistics; they come when the guest has time. Call on the machine's thread.</summary>
    /// <returns>False when the driver tells none.</returns>
    public bool RequestStatistics()
    {
        if (!_hasReport || !Transport.IsRunning)
        {
            return false;
        }

        _hasReport = false;
        if (!Queues[StatisticsQueue].Push(Transport.Dma, _reportHead, 0))
        {
            Transport.Break("the statistics' used ring is not in memory");
            return false;
        }

        Signal(StatisticsQueue);
        return true;
    }

    /// <summary>The last value told of a statistic (virtio 1.1, 5.5.6.3: 0 swapped in, 1 swapped out, 4 free, 5 total, 6 available, …), or null.</summary>
    public ulong? Statistic(int kind) => kind is >= 0 and < StatisticKinds && (_known >> kind & 1) != 0 ? _statistics[kind] : null;

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        if (queue == StatisticsQueue)
        {
            TakeStatistics();
        }
        else
        {
            TakePages(queue, queue == InflateQueue);
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _actual = 0;
        _hasReport = false;
        _known = 0;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("target", ref _target);
        state.Field("actual", ref _actual);
        state.Field("report-head", ref _reportHead);
        state.Field("has-report", ref _hasReport);
        state.Field("known", ref _known);
        for (int i = 0; i < StatisticKinds; i++)
        {
            state.Field($"statistic{i}", ref _statistics[i]);
        }
    }

    private void TakePages(int queue, bool inflates)
    {
        while (Next(queue) is { } chain)
        {
            // Taking pages again needs nothing of us: the host gives each one anew when it is touched.
            ulong length = inflates ? Math.Min(chain.ReadableLength & ~3ul, MostPages * 4) : 0;
            for (ulong done = 0; done < length;)
            {
                Span<byte> part = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, length - done));
                if (!chain.TryRead(Transport.Dma, done, part))
                {
                    Transport.Break("list of pages outside memory");
                    return;
                }

                Discard(part);
                done += (ulong)part.Length;
            }

            Return(queue, chain, 0);
        }

        Signal(queue);
    }

    private void Discard(ReadOnlySpan<byte> pages)
    {
        // Runs of neighbours are given back at once.
        ulong start = 0;
        ulong count = 0;
        for (; !pages.IsEmpty; pages = pages[4..])
        {
            ulong page = Get32(pages);
            if (count != 0 && page == start + count)
            {
                count++;
                continue;
            }

            Discard(start, count);
            (start, count) = (page, 1);
        }

        Discard(start, count);
    }

    private void Discard(ulong page, ulong count)
    {
        if (count != 0 && !_discard(page << PageShift, count << PageShift))
        {
            _tracer.GuestError(Name, $"page {page:x} with {count - 1} after it is no memory and cannot be given up");
        }
    }

    private void TakeStatistics()
    {
        // 5.5.6.3: the driver gives one buffer and waits for it to come back, which asks for the next.
        while (TryNext(StatisticsQueue, _report))
        {
            int length = (int)Math.Min(_report.ReadableLength, StatisticLength * 64);
            Span<byte> report = _buffer.AsSpan(0, length / StatisticLength * StatisticLength);
            if (!_report.TryRead(Transport.Dma, 0, report))
            {
                Transport.Break("statistics outside memory");
                return;
            }

            for (; !report.IsEmpty; report = report[StatisticLength..])
            {
                int kind = Transport.Order == Endianness.Little ? report[0] | (report[1] << 8) : report[1] | (report[0] << 8);
                if (kind < StatisticKinds)
                {
                    _statistics[kind] = Get64(report[2..]);
                    _known |= 1u << kind;
                }
            }

            if (_hasReport)
            {
                Return(StatisticsQueue, _report, 0);
            }
            else
            {
                _hasReport = true;
                _reportHead = _report.Head;
            }
        }
    }
}

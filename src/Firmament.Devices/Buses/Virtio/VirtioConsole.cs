using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// The virtio console with one port, which Linux makes hvc0: size and emergency write. Source: virtio 1.1, 5.3.
/// Not modelled: MULTIPORT.
/// </summary>
/// <remarks>
/// Input that no buffer takes waits, at most 64 KiB of it, across resets too: what is typed or piped in before the driver is there reaches it.
/// </remarks>
public sealed class VirtioConsole : VirtioDevice
{
    private const int ReceiveQueue = 0;
    private const int TransmitQueue = 1;
    private const int SizeFeature = 0;
    private const int EmergencyWriteFeature = 2;
    private const int EmergencyWrite = 8;
    private const int MostPending = 65536;
    private const uint LargestWrite = 1 << 20;

    private readonly ICharacterBackend _output;
    private readonly Tracer _tracer;
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _pending = new byte[MostPending];
    private int _pendingStart;
    private int _pendingCount;
    private ushort _columns;
    private ushort _rows;

    /// <summary>Makes the device.</summary>
    /// <param name="name">Unique on its bus, and the name of its input channel.</param>
    /// <param name="output">Takes what the guest prints.</param>
    /// <param name="journal">Where input comes in.</param>
    /// <param name="tracer">For guest mistakes.</param>
    /// <param name="columns">Width in characters; 0 = not known.</param>
    /// <param name="rows">Height in characters; 0 = not known.</param>
    public VirtioConsole(string name, ICharacterBackend output, InputJournal journal, Tracer tracer, ushort columns = 0, ushort rows = 0)
        : base(3, 0x078000, 64, 64)
    {
        Name = name;
        _output = output;
        _tracer = tracer;
        _columns = columns;
        _rows = rows;
        Input = journal.CreateChannel(name, Receive);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Where the host posts what is typed.</summary>
    public InputChannel Input { get; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => (1ul << SizeFeature) | (1ul << EmergencyWriteFeature);

    /// <inheritdoc/>
    public override int ConfigurationLength => 12;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        Put16(configuration, 0, _columns, order);
        Put16(configuration, 2, _rows, order);
        Put32(configuration, 4, 1, order);
    }

    /// <inheritdoc/>
    public override void SetConfiguration(int offset, ReadOnlySpan<byte> bytes, Endianness order)
    {
        if (offset == EmergencyWrite)
        {
            // 5.3.5: the character is in the lower byte of a number.
            _output.Write([order == Endianness.Little ? bytes[0] : bytes[^1]]);
        }
    }

    /// <summary>Tells the driver of a new size. Call on the machine's thread.</summary>
    public void Resize(ushort columns, ushort rows)
    {
        _columns = columns;
        _rows = rows;
        Transport.InterruptConfiguration();
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        if (queue == ReceiveQueue)
        {
            Deliver();
        }
        else
        {
            Transmit();
        }
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("columns", ref _columns);
        state.Field("rows", ref _rows);
        state.Bytes("pending", _pending);
        state.Field("pending-start", ref _pendingStart);
        state.Field("pending-count", ref _pendingCount);
        _pendingStart &= MostPending - 1;
        _pendingCount = Math.Clamp(_pendingCount, 0, MostPending);
    }

    private void Receive(byte[] bytes)
    {
        int room = MostPending - _pendingCount;
        if (bytes.Length > room)
        {
            _tracer.GuestError(Name, "the guest does not read its input; some was dropped");
        }

        foreach (byte b in bytes.AsSpan(0, Math.Min(bytes.Length, room)))
        {
            _pending[(_pendingStart + _pendingCount++) & (MostPending - 1)] = b;
        }

        Deliver();
    }

    private void Deliver()
    {
        while (_pendingCount != 0 && Next(ReceiveQueue) is { } chain)
        {
            uint written = 0;
            while (_pendingCount != 0 && written < chain.WritableLength)
            {
                int count = (int)Math.Min((ulong)Math.Min(_pendingCount, MostPending - _pendingStart), chain.WritableLength - written);
                if (!chain.TryWrite(Transport.Dma, written, _pending.AsSpan(_pendingStart, count)))
                {
                    Transport.Break("receive buffer outside memory");
                    return;
                }

                written += (uint)count;
                _pendingStart = (_pendingStart + count) & (MostPending - 1);
                _pendingCount -= count;
            }

            Return(ReceiveQueue, chain, written);
        }

        Signal(ReceiveQueue);
    }

    private void Transmit()
    {
        while (Next(TransmitQueue) is { } chain)
        {
            ulong length = Math.Min(chain.ReadableLength, LargestWrite);
            for (ulong done = 0; done < length;)
            {
                Span<byte> part = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, length - done));
                if (!chain.TryRead(Transport.Dma, done, part))
                {
                    Transport.Break("transmit buffer outside memory");
                    return;
                }

                _output.Write(part);
                done += (ulong)part.Length;
            }

            Return(TransmitQueue, chain, 0);
        }

        Signal(TransmitQueue);
    }
}

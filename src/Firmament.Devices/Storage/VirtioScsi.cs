using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Storage;

/// <summary>
/// The virtio SCSI host adapter: a control, an event and a request queue in front of SCSI logical units. Source: virtio 1.1, 5.6.
/// Not modelled: hot-plug events, bidirectional commands, protection information, several request queues.
/// </summary>
/// <remarks>
/// Commands run to their end when the driver notifies. After <see cref="MostBytesAtOnce"/> the rest waits for a timer, so that a full queue
/// of the largest commands does not keep the machine from its console.
/// </remarks>
public sealed class VirtioScsi : VirtioDevice
{
    /// <summary>The largest target number.</summary>
    public const int LastTarget = 255;

    /// <summary>The largest unit number.</summary>
    public const int LastUnit = 16383;

    private const int ControlQueue = 0;
    private const int EventQueue = 1;
    private const int RequestQueue = 2;

    private const long MostBytesAtOnce = 64 << 20;
    private const uint MostSegments = 254;
    private const uint MostSectors = ScsiDisk.MostBlocks - 1;
    private const int DefaultSenseSize = 96;
    private const int DefaultCommandSize = 32;
    private const int RequestHeaderLength = 19;
    private const int ResponseHeaderLength = 12;
    private const int MostSenseSize = 252;
    private const int MostCommandSize = 252;

    private const byte Ok = 0;
    private const byte BadTarget = 3;
    private const byte Failure = 9;
    private const byte FunctionRejected = 11;
    private const byte IncorrectUnit = 12;

    private readonly ScheduledTimer _continue;
    private readonly byte[] _buffer = new byte[65536];
    private uint _senseSize = DefaultSenseSize;
    private uint _commandSize = DefaultCommandSize;

    /// <summary>Makes an adapter without units.</summary>
    /// <param name="name">Unique on its bus.</param>
    /// <param name="scheduler">The machine's clock.</param>
    public VirtioScsi(string name, Scheduler scheduler)
        : base(8, 0x010000, 64, 64, 256)
    {
        Name = name;
        _continue = scheduler.CreateTimer("continue", () => Process(RequestQueue));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The logical units.</summary>
    public ScsiTargets Targets { get; } = new();

    /// <inheritdoc/>
    public override ulong OfferedFeatures => 0;

    /// <inheritdoc/>
    public override int ConfigurationLength => 36;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        Put32(configuration, 0, 1, order);
        Put32(configuration, 4, MostSegments, order);
        Put32(configuration, 8, MostSectors, order);
        Put32(configuration, 12, 128, order);
        Put32(configuration, 16, 16, order);
        Put32(configuration, 20, _senseSize, order);
        Put32(configuration, 24, _commandSize, order);
        Put16(configuration, 28, 0, order);
        Put16(configuration, 30, LastTarget, order);
        Put32(configuration, 32, LastUnit, order);
    }

    /// <inheritdoc/>
    public override void SetConfiguration(int offset, ReadOnlySpan<byte> bytes, Endianness order)
    {
        if (bytes.Length != 4)
        {
            return;
        }

        uint value = order == Endianness.Little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (offset == 20 && value <= MostSenseSize)
        {
            _senseSize = value;
        }
        else if (offset == 24 && value is > 0 and <= MostCommandSize)
        {
            _commandSize = value;
        }
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        switch (queue)
        {
            case ControlQueue:
                Control();
                break;
            case EventQueue:
                // Buffers for events, of which there are none.
                break;
            case RequestQueue:
                Serve();
                break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _continue.Disarm();
        _senseSize = DefaultSenseSize;
        _commandSize = DefaultCommandSize;
        Targets.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        _continue.Visit(state);
        state.Field("sense-size", ref _senseSize);
        state.Field("command-size", ref _commandSize);
        _senseSize = Math.Min(_senseSize, MostSenseSize);
        _commandSize = Math.Clamp(_commandSize, 1, MostCommandSize);
        state.Component("targets", Targets);
    }

    private void Serve()
    {
        long budget = MostBytesAtOnce;
        ulong requestLength = RequestHeaderLength + (ulong)_commandSize;
        ulong responseLength = ResponseHeaderLength + (ulong)_senseSize;
        Span<byte> request = stackalloc byte[(int)requestLength];
        Span<byte> response = stackalloc byte[(int)responseLength];
        while (Next(RequestQueue) is { } chain)
        {
            if (chain.ReadableLength < requestLength || chain.WritableLength < responseLength || !chain.TryRead(Transport.Dma, 0, request))
            {
                Transport.Break("request or response shorter than its headers, or outside memory");
                return;
            }

            response.Clear();
            long moved = Execute(chain, request, response);
            if (!chain.TryWrite(Transport.Dma, 0, response))
            {
                Transport.Break("response outside memory");
                return;
            }

            Return(RequestQueue, chain, (uint)Math.Min(responseLength + (ulong)Math.Max(moved, 0), uint.MaxValue));
            budget -= Math.Abs(moved) + 512;
            if (budget <= 0)
            {
                _continue.ArmAfter(VirtualTime.FromMicroseconds(1));
                break;
            }
        }

        Signal(RequestQueue);
    }

    /// <summary>Runs one command. Returns the bytes moved, negative when they came from the driver.</summary>
    private long Execute(VirtqueueChain chain, ReadOnlySpan<byte> request, Span<byte> response)
    {
        ScsiUnit? unit = TryDecode(request, out int target, out int number) ? Targets.Find(target, number) : null;
        ChainBuffers buffers = new(chain, Transport.Dma, request.Length, response.Length);
        if (unit == null || (buffers.InLength != 0 && buffers.OutLength != 0))
        {
            response[11] = unit == null ? BadTarget : Failure;
            return 0;
        }

        ScsiTransfer result = ScsiTransfer.Run(unit, request[RequestHeaderLength..], buffers, _buffer);
        long room = Math.Max(buffers.InLength, buffers.OutLength);
        response[10] = result.Status;
        response[11] = Ok;
        // 5.6.6.1: the residual is what of the driver's buffer was not used; a command with more data than room says OVERRUN only by its length.
        Put32(response, 4, (uint)Math.Min(room - result.Moved, uint.MaxValue), Transport.Order);
        if (result.Status == ScsiUnit.CheckCondition)
        {
            Span<byte> sense = stackalloc byte[ScsiSense.Length];
            result.Sense.WriteTo(sense);
            int length = Math.Min(sense.Length, response.Length - ResponseHeaderLength);
            sense[..length].CopyTo(response[ResponseHeaderLength..]);
            Put32(response, 0, (uint)length, Transport.Order);
        }

        return result.Direction == ScsiDirection.Out ? -result.Moved : result.Moved;
    }

    /// <summary>virtio 1.1, 5.6.6.1: byte 0 is 1, byte 1 the target, bytes 2 and 3 a unit in flat addressing.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> lun, out int target, out int unit)
    {
        const int FlatAddressing = 0x4000;
        target = lun[1];
        unit = BinaryPrimitives.ReadUInt16BigEndian(lun[2..]);
        bool ok = lun[0] == 1 && (unit < 256 || (unit & 0xc000) == FlatAddressing);
        unit &= LastUnit;
        return ok;
    }

    private void Control()
    {
        const int TaskManagement = 0;
        const int QueryNotification = 1;
        const int SubscribeNotification = 2;
        const int TaskManagementLength = 24;
        const int NotificationResponseLength = 5;
        Span<byte> request = stackalloc byte[TaskManagementLength];
        Span<byte> bytes = stackalloc byte[NotificationResponseLength];
        while (Next(ControlQueue) is { } chain)
        {
            request.Clear();
            int length = (int)Math.Min(chain.ReadableLength, (ulong)request.Length);
            if (length < 4 || chain.WritableLength == 0 || !chain.TryRead(Transport.Dma, 0, request[..length]))
            {
                Transport.Break("control request too short or outside memory");
                return;
            }

            bytes.Clear();
            Span<byte> response = bytes;
            switch (Get32(request))
            {
                case TaskManagement when length == TaskManagementLength:
                    response = response[..1];
                    response[0] = ManageTask(Get32(request[4..]), request[8..]);
                    break;
                case QueryNotification or SubscribeNotification: // of no event
                    break;
                default:
                    response = response[..1];
                    response[0] = FunctionRejected;
                    break;
            }

            response = response[..(int)Math.Min((ulong)response.Length, chain.WritableLength)];
            if (!chain.TryWrite(Transport.Dma, 0, response))
            {
                Transport.Break("control response outside memory");
                return;
            }

            Return(ControlQueue, chain, (uint)response.Length);
        }

        Signal(ControlQueue);
    }

    private byte ManageTask(uint function, ReadOnlySpan<byte> lun)
    {
        const byte FunctionComplete = 0;
        const uint AbortTask = 0;
        const uint AbortTaskSet = 1;
        const uint ClearTaskSet = 3;
        const uint TargetReset = 4;
        const uint UnitReset = 5;
        const uint QueryTask = 6;
        const uint QueryTaskSet = 7;
        if (!TryDecode(lun, out int target, out int number) || !Targets.HasTarget(target))
        {
            return BadTarget;
        }

        if (function != TargetReset && !Targets.Units.ContainsKey((target, number)))
        {
            return IncorrectUnit;
        }

        switch (function)
        {
            case AbortTask or AbortTaskSet or ClearTaskSet or QueryTask or QueryTaskSet: // no command outlives its notification
                return FunctionComplete;
            case UnitReset:
                Targets.Units[(target, number)].Reset();
                return FunctionComplete;
            case TargetReset:
                foreach (((int Target, int Unit) place, ScsiUnit unit) in Targets.Units)
                {
                    if (place.Target == target)
                    {
                        unit.Reset();
                    }
                }

                return FunctionComplete;
            default:
                return FunctionRejected;
        }
    }

    /// <summary>What a chain holds beyond the headers: data-out after the request, data-in after the response.</summary>
    private sealed class ChainBuffers(VirtqueueChain chain, IDmaSpace dma, int requestLength, int responseLength) : IScsiBuffers
    {
        public long InLength => (long)chain.WritableLength - responseLength;

        public long OutLength => (long)chain.ReadableLength - requestLength;

        public bool TryGive(long offset, ReadOnlySpan<byte> source) => chain.TryWrite(dma, (ulong)(responseLength + offset), source);

        public bool TryTake(long offset, Span<byte> destination) => chain.TryRead(dma, (ulong)(requestLength + offset), destination);
    }
}

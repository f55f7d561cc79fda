using System.Buffers.Binary;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Storage;
using Firmament.DeviceTree;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// The virtual SCSI adapter: SRP information units fetched by DMA when a queue entry names one. Management datagrams are in
/// SpaprVscsi.Management.cs. Source: LoPAPR 1.1 16.5 (VSCSI) and appendix K, ANSI T10 SRP (r16a).
/// </summary>
/// <remarks>
/// A command runs to its end within H_SEND_CRQ, so there is never one to abort. The window holds the queue, the units and all data.
/// </remarks>
public sealed partial class SpaprVscsi : VioDevice
{
    /// <summary>Commands the guest may have under way, less what is kept for management.</summary>
    public const int RequestLimit = 24;

    private const int LongestUnit = 256;
    private const byte SrpFormat = 1;
    private const byte ManagementFormat = 2;
    private const int FixedCommandLength = 48;
    private const int ResponseLength = 36;

    private const byte LoginRequest = 0x00;
    private const byte TaskManagement = 0x01;
    private const byte Command = 0x02;
    private const byte LoginResponse = 0xc0;
    private const byte Response = 0xc1;

    private const byte ResponseValid = 0x01;
    private const byte SenseValid = 0x02;
    private const byte OutUnderflow = 0x08;
    private const byte OutOverflow = 0x04;
    private const byte InUnderflow = 0x20;
    private const byte InOverflow = 0x10;

    private readonly VioCrq _crq;
    private readonly Tracer _tracer;
    private readonly byte[] _buffer = new byte[65536];

    /// <summary>Makes an adapter without units.</summary>
    /// <param name="tracer">For guest mistakes.</param>
    public SpaprVscsi(Tracer tracer)
    {
        _tracer = tracer;
        _crq = new VioCrq(this, tracer, Serve);
    }

    /// <summary>The logical units. A target is a device, 0 to 63; units go to 31.</summary>
    public ScsiTargets Targets { get; } = new();

    /// <inheritdoc/>
    public override string NodeName => "v-scsi";

    /// <inheritdoc/>
    public override string DeviceType => "vscsi";

    /// <inheritdoc/>
    public override string Compatible => "IBM,v-scsi";

    /// <inheritdoc/>
    public override VioCrq? Crq => _crq;

    /// <inheritdoc/>
    protected internal override ulong WindowLength => 256 << 20;

    /// <inheritdoc/>
    protected override ulong SignalMask => 1;

    /// <inheritdoc/>
    public override void Describe(DeviceNode node)
    {
        node.SetCells("#address-cells", 2);
        node.SetCells("#size-cells", 0);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Targets.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("targets", Targets);
    }

    private void Serve(byte[] entry)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(entry.AsSpan(6));
        ulong address = BinaryPrimitives.ReadUInt64BigEndian(entry.AsSpan(8));
        byte format = entry[1];
        if (format is not (SrpFormat or ManagementFormat))
        {
            _tracer.GuestError(Name, $"command queue entry of format {format}");
            return;
        }

        // The units answered are at least this long; what the guest did not send of a unit is zero.
        byte[] unit = new byte[LongestUnit];
        if (length is < 16 or > LongestUnit || !Dma!.TryRead(address, unit.AsSpan(0, length)))
        {
            _tracer.GuestError(Name, $"information unit of {length} bytes at 0x{address:x} is not possible");
            return;
        }

        if (format == ManagementFormat)
        {
            Manage(unit, address);
            return;
        }

        switch (unit[0])
        {
            case LoginRequest:
                LogIn(unit, address);
                break;
            case TaskManagement:
                ManageTask(unit, address);
                break;
            case Command when length >= FixedCommandLength:
                Execute(unit.AsSpan(0, length), address);
                break;
            default:
                _tracer.GuestError(Name, $"information unit of type 0x{unit[0]:x2} and {length} bytes");
                break;
        }
    }

    /// <summary>Writes an answer over the unit it answers, and tells the guest with an entry that holds its tag.</summary>
    private void Answer(ReadOnlySpan<byte> unit, ulong address, byte format)
    {
        const byte AdapterFailure = 0x10;
        Span<byte> entry = stackalloc byte[VioCrq.EntryLength];
        entry.Clear();
        entry[0] = VioCrq.Command;
        entry[1] = format;
        entry[3] = Dma!.TryWrite(address, unit) ? (byte)0 : AdapterFailure;
        BinaryPrimitives.WriteUInt16BigEndian(entry[6..], (ushort)unit.Length);
        unit.Slice(8, 8).CopyTo(entry[8..]);
        _ = _crq.Send(entry);
    }

    private void LogIn(ReadOnlySpan<byte> request, ulong address)
    {
        const int Length = 52;
        const ushort DirectAndIndirect = 2 | 4;
        Span<byte> answer = stackalloc byte[Length];
        answer.Clear();
        answer[0] = LoginResponse;
        BinaryPrimitives.WriteInt32BigEndian(answer[4..], RequestLimit - 2);
        request.Slice(8, 8).CopyTo(answer[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(answer[16..], LongestUnit);
        BinaryPrimitives.WriteUInt32BigEndian(answer[20..], LongestUnit);
        BinaryPrimitives.WriteUInt16BigEndian(answer[24..], DirectAndIndirect);
        Answer(answer, address, SrpFormat);
    }

    private void Execute(ReadOnlySpan<byte> request, ulong address)
    {
        const byte ReportLuns = 0xa0;
        const ulong WellKnownReportLuns = 0xc101_0000_0000_0000;
        ulong lun = BinaryPrimitives.ReadUInt64BigEndian(request[20..]);
        ReadOnlySpan<byte> command = request.Slice(32, 16);
        SrpBuffers? buffers = SrpBuffers.Parse(Dma!, request);
        if (buffers == null)
        {
            _tracer.GuestError(Name, $"command 0x{command[0]:x2} has data descriptors that make no sense");
            Respond(request, address, Failure(new ScsiSense(ScsiSense.IllegalRequest, 0x24)));
            return;
        }

        if (command[0] == ReportLuns && lun is 0 or WellKnownReportLuns)
        {
            Respond(request, address, ReportAllUnits(command, buffers), buffers);
            return;
        }

        (int target, int number) = Decode(lun);
        ScsiUnit? unit = target < 0 ? null : Targets.Find(target, number);
        // An initiator looks for units by INQUIRY, and is told by its data that there is none.
        unit ??= new ScsiMissingUnit();
        Respond(request, address, ScsiTransfer.Run(unit, command, buffers, _buffer), buffers);
    }

    private static ScsiTransfer Failure(ScsiSense sense) => new(ScsiUnit.CheckCondition, sense, ScsiDirection.None, 0, 0);

    /// <summary>Target and unit of an 8-byte LUN: -1 where none can be.</summary>
    private static (int Target, int Unit) Decode(ulong lun)
    {
        // SAM-5 4.7: peripheral addressing with a bus is for another level below; nothing here has one.
        return (lun >> 62) switch
        {
            0 => (lun >> 56) == 0 ? (0, (int)(lun >> 48 & 0xff)) : (-1, 0),
            1 => (0, (int)(lun >> 48 & 0x3fff)),
            2 => (lun >> 53 & 7) == 0 ? ((int)(lun >> 56 & 0x3f), (int)(lun >> 48 & 0x1f)) : (-1, 0),
            _ => (-1, 0),
        };
    }

    /// <summary>All units of all targets in one list: an SRP target port has one address, and device numbers are part of the LUN.</summary>
    private ScsiTransfer ReportAllUnits(ReadOnlySpan<byte> command, SrpBuffers buffers)
    {
        const byte LogicalUnitAddressing = 0x80;
        List<byte> reply = [0, 0, 0, 0, 0, 0, 0, 0];
        IEnumerable<(int Target, int Unit)> places = Targets.Units.Keys;
        foreach ((int target, int unit) in Targets.Units.ContainsKey((0, 0)) ? places : places.Prepend((0, 0)))
        {
            reply.AddRange([target == 0 ? (byte)0 : (byte)(LogicalUnitAddressing | target), (byte)unit, 0, 0, 0, 0, 0, 0]);
        }

        byte[] bytes = [.. reply];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 8);
        int length = (int)Math.Min(bytes.Length, BinaryPrimitives.ReadUInt32BigEndian(command[6..]));
        int moved = (int)Math.Min(length, buffers.InLength);
        return buffers.TryGive(0, bytes.AsSpan(0, moved))
            ? new ScsiTransfer(ScsiUnit.Good, ScsiSense.None, ScsiDirection.In, length, moved)
            : Failure(ScsiSense.TransferFailed);
    }

    private void Respond(ReadOnlySpan<byte> request, ulong address, ScsiTransfer result, SrpBuffers? buffers = null)
    {
        Span<byte> answer = stackalloc byte[ResponseLength + ScsiSense.Length];
        int length = StartResponse(answer, request, result.Status != 0);
        answer[19] = result.Status;
        if (result.Status == ScsiUnit.CheckCondition)
        {
            answer[18] |= SenseValid;
            BinaryPrimitives.WriteUInt32BigEndian(answer[28..], ScsiSense.Length);
            result.Sense.WriteTo(answer[ResponseLength..]);
            length += ScsiSense.Length;
        }
        else if (buffers != null)
        {
            WriteResidual(answer, result, buffers);
        }

        Answer(answer[..length], address, SrpFormat);
    }

    /// <summary>What is left of the initiator's buffer, or of the data that did not fit in it (SRP 6.9).</summary>
    private static void WriteResidual(Span<byte> answer, ScsiTransfer result, SrpBuffers buffers)
    {
        WriteResidual(answer, 20, OutOverflow, OutUnderflow, result, ScsiDirection.Out, buffers.OutLength);
        WriteResidual(answer, 24, InOverflow, InUnderflow, result, ScsiDirection.In, buffers.InLength);
    }

    private static void WriteResidual(
        Span<byte> answer, int at, byte overflow, byte underflow, ScsiTransfer result, ScsiDirection direction, long room)
    {
        bool isThis = result.Direction == direction;
        long difference = room - (isThis ? result.DataLength : 0);
        if (difference != 0)
        {
            answer[18] |= difference < 0 ? overflow : underflow;
            BinaryPrimitives.WriteUInt32BigEndian(answer[at..], (uint)Math.Min(Math.Abs(difference), uint.MaxValue));
        }
    }

    private static int StartResponse(Span<byte> answer, ReadOnlySpan<byte> request, bool isFailure)
    {
        answer.Clear();
        answer[0] = Response;
        // SRP 5.2.4: the initiator says whether it wants to be told at once of failures (bit 2) and of successes (bit 1).
        answer[1] = (byte)((request[1] >> (isFailure ? 2 : 1)) & 1);
        BinaryPrimitives.WriteInt32BigEndian(answer[4..], 1);
        request.Slice(8, 8).CopyTo(answer[8..]);
        return ResponseLength;
    }
}

using System.Buffers.Binary;
using Firmament.Core.State;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Firmware.Drivers.Papr;

/// <summary>
/// The virtual SCSI adapter: SRP information units by way of the command queue, one at a time. A unit's number is its SRP LUN: 10, target, unit.
/// Source: LoPAPR 1.1 16.5; ANSI T10 SRP (r16a) 6.
/// </summary>
public sealed class VscsiAdapter : CountedDriver, IScsiAdapter
{
    private const uint LargestTransfer = 1 << 20;
    private const uint Unit = CommandQueue.Length;
    private const uint LongestUnit = 256;
    private const byte LoginRequest = 0x00;
    private const byte LoginResponse = 0xc0;
    private const byte TaskManagement = 0x01;
    private const byte Command = 0x02;
    private const byte Response = 0xc1;
    private const int LunOffset = 20;
    private const int FixedLength = 48;
    private const int DescriptorLength = 16;

    private readonly DriverHost _host;
    private readonly IVirtualIoAccess _device;
    private readonly CommandQueue _queue;
    private readonly DriverMemory _memory;
    private ulong _bus;
    private ulong _tag;

    /// <summary>Makes an adapter at rest.</summary>
    /// <param name="host">The firmware.</param>
    /// <param name="device">The adapter's hypercalls.</param>
    public VscsiAdapter(DriverHost host, IVirtualIoAccess device)
    {
        _host = host;
        _device = device;
        _queue = new CommandQueue(host, device);
        _memory = new DriverMemory(host);
    }

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <inheritdoc/>
    public uint MaxTransfer => LargestTransfer;

    /// <summary>The number of a unit.</summary>
    /// <param name="target">0 to 63.</param>
    /// <param name="unit">0 to 31.</param>
    public static ulong UnitNumber(int target, int unit) => (0x8000ul | ((ulong)target << 8) | (uint)unit) << 48;

    /// <inheritdoc/>
    public bool TryExecute(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data, out ScsiOutcome outcome)
    {
        outcome = default;
        ulong bus = 0;
        if (!IsRunning || (data.Length != 0 && !_device.Dma.TryMap(data.Address, data.Length, out bus)))
        {
            return false;
        }

        Span<byte> request = stackalloc byte[FixedLength + DescriptorLength];
        WriteCommand(request, unit, command, data with { Address = bus });
        Span<byte> answer = stackalloc byte[(int)LongestUnit];
        bool ok = TrySend(request[..(data.Length == 0 ? FixedLength : request.Length)], answer, Response);
        if (data.Length != 0)
        {
            _device.Dma.Unmap(bus);
        }

        if (!ok)
        {
            Restart();
            return false;
        }

        outcome = ReadOutcome(answer);
        return true;
    }

    /// <inheritdoc/>
    public void ResetUnit(ulong unit)
    {
        const byte LogicalUnitReset = 0x08;
        const int FunctionOffset = 30;
        if (IsRunning)
        {
            Span<byte> request = stackalloc byte[FixedLength];
            Start(request, TaskManagement);
            BinaryPrimitives.WriteUInt64BigEndian(request[LunOffset..], unit);
            request[FunctionOffset] = LogicalUnitReset;
            Span<byte> answer = stackalloc byte[(int)LongestUnit];
            _ = TrySend(request, answer, Response);
        }
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("queue", _queue);
        state.Component("memory", _memory);
        state.Field("bus", ref _bus);
        state.Field("tag", ref _tag);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        _tag = 0;
        if (!_memory.TryClaim(Unit + LongestUnit) || !_device.Dma.TryMap(_memory.Start, _memory.Size, out _bus))
        {
            _host.Report(Name, "no memory for its queue");
            return false;
        }

        return _queue.TryStart(_memory, _bus) && TryLogIn();
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        _queue.Stop();
        if (_bus != 0)
        {
            _device.Dma.Unmap(_bus);
            _bus = 0;
        }

        _memory.Release();
    }

    private bool TryLogIn()
    {
        const int Length = 64;
        const ushort DirectBuffers = 2;
        Span<byte> request = stackalloc byte[Length];
        Start(request, LoginRequest);
        BinaryPrimitives.WriteUInt32BigEndian(request[16..], LongestUnit);
        BinaryPrimitives.WriteUInt16BigEndian(request[24..], DirectBuffers);
        Span<byte> answer = stackalloc byte[(int)LongestUnit];
        return TrySend(request, answer, LoginResponse);
    }

    /// <summary>Begins an information unit: its type and a tag of its own.</summary>
    private void Start(Span<byte> unit, byte type)
    {
        unit.Clear();
        unit[0] = type;
        BinaryPrimitives.WriteUInt64BigEndian(unit[8..], ++_tag);
    }

    private void WriteCommand(Span<byte> request, ulong unit, ReadOnlySpan<byte> command, ScsiRequest data)
    {
        const int FormatOffset = 5;
        const int CommandOffset = 32;
        const byte DirectOut = 0x10;
        const byte DirectIn = 0x01;
        Start(request, Command);
        request[FormatOffset] = data.Direction switch { ScsiDirection.In => DirectIn, ScsiDirection.Out => DirectOut, _ => 0 };
        BinaryPrimitives.WriteUInt64BigEndian(request[LunOffset..], unit);
        command.CopyTo(request[CommandOffset..]);
        BinaryPrimitives.WriteUInt64BigEndian(request[FixedLength..], data.Address);
        BinaryPrimitives.WriteUInt32BigEndian(request[(FixedLength + 12)..], data.Length);
    }

    /// <summary>Sends a unit; the answer comes to where it was.</summary>
    private bool TrySend(ReadOnlySpan<byte> request, Span<byte> answer, byte expected)
    {
        _memory.Clear(Unit, LongestUnit);
        _memory.Write(Unit, request);
        bool ok = _queue.TrySend(_memory, _bus + Unit, (ushort)request.Length);
        _memory.Read(Unit, answer);
        if (ok && answer[0] == expected && answer.Slice(8, 8).SequenceEqual(request.Slice(8, 8)))
        {
            return true;
        }

        _host.Report(Name, $"no answer to information unit of type {request[0]}");
        return false;
    }

    private static ScsiOutcome ReadOutcome(ReadOnlySpan<byte> answer)
    {
        const int FlagsOffset = 18;
        const int StatusOffset = 19;
        const byte SenseValid = 2;
        const int HeaderLength = 36;
        uint responseLength = BinaryPrimitives.ReadUInt32BigEndian(answer[32..]);
        uint senseLength = BinaryPrimitives.ReadUInt32BigEndian(answer[28..]);
        bool hasSense = (answer[FlagsOffset] & SenseValid) != 0 && responseLength <= 16 && senseLength <= LongestUnit - HeaderLength - 16;
        return ScsiOutcome.FromSense(answer[StatusOffset], hasSense ? answer.Slice(HeaderLength + (int)responseLength, (int)senseLength) : default);
    }
}

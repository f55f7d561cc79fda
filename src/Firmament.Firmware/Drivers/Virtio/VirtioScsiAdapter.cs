using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware.Drivers.Pci;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>
/// The virtio SCSI host adapter: its first request queue alone. A unit's number is the 8-byte LUN of virtio 1.1, 5.6.6.1, as 64 bits: 01, target, unit.
/// </summary>
public sealed class VirtioScsiAdapter : CountedDriver, IScsiAdapter
{
    private const uint LargestTransfer = 1 << 20;
    private const int RequestQueue = 2;
    private const uint RequestLength = 19 + 32;
    private const uint SenseLength = 96;
    private const uint ResponseLength = 12 + SenseLength;
    private const uint SenseSizeField = 20;
    private const uint CommandSizeField = 24;
    private const int CommandOffset = 19;

    private readonly DriverHost _host;
    private readonly VirtioLink _link;
    private readonly VirtioRing _ring;

    /// <summary>Makes an adapter at rest.</summary>
    /// <param name="host">The firmware.</param>
    /// <param name="function">The device's PCI function.</param>
    /// <param name="guestOrder">Byte order of a legacy device.</param>
    public VirtioScsiAdapter(DriverHost host, IPciFunctionAccess function, Endianness guestOrder)
    {
        _host = host;
        _link = new VirtioLink(host, function, guestOrder);
        _ring = new VirtioRing(_link, RequestQueue);
    }

    /// <inheritdoc/>
    public string Name => _link.Name;

    /// <inheritdoc/>
    public uint MaxTransfer => LargestTransfer;

    /// <summary>The number of a unit.</summary>
    /// <param name="target">0 to 255.</param>
    /// <param name="unit">0 to 16383: flat space addressing from 256 on, as firmware's paths have it.</param>
    public static ulong UnitNumber(int target, int unit)
    {
        const uint FlatSpace = 0x4000;
        return (0x0100_0000ul | ((ulong)target << 16) | (uint)unit | (unit > 255 ? FlatSpace : 0)) << 32;
    }

    /// <inheritdoc/>
    public bool TryExecute(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data, out ScsiOutcome outcome)
    {
        outcome = default;
        ulong bus = 0;
        if (!IsRunning || (data.Length != 0 && !_link.Dma.TryMap(data.Address, data.Length, out bus)))
        {
            return false;
        }

        bool ok = TryRun(unit, command, data with { Address = bus });
        if (data.Length != 0)
        {
            _link.Dma.Unmap(bus);
        }

        if (!ok)
        {
            Restart();
            return false;
        }

        return TryReadResponse(out outcome);
    }

    /// <inheritdoc/>
    public void ResetUnit(ulong unit)
    {
        // Resetting the adapter resets its units.
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("link", _link);
        state.Component("ring", _ring);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        const ushort Entries = 8;
        if (!_link.TryStart(0))
        {
            return false;
        }

        // The sizes after a reset are the ones used here; others would move everything behind them.
        if (_link.Port.ReadConfiguration(SenseSizeField, 4) != SenseLength || _link.Port.ReadConfiguration(CommandSizeField, 4) != RequestLength - CommandOffset)
        {
            _host.Report(Name, "its sizes are not those of a device that was reset");
            return false;
        }

        if (!_ring.TryPlace(Entries, RequestLength + ResponseLength))
        {
            return false;
        }

        _link.Begin();
        return true;
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        _link.Reset();
        _ring.Release();
        _link.Stop();
    }

    private bool TryRun(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data)
    {
        uint request = _ring.Extra;
        uint response = request + RequestLength;
        Span<byte> bytes = stackalloc byte[(int)RequestLength];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, unit);
        command.CopyTo(bytes[CommandOffset..]);
        _ring.Memory.Write(request, bytes);
        _ring.Memory.Clear(response, ResponseLength);
        Span<VirtioBuffer> chain = stackalloc VirtioBuffer[3];
        int count = 0;
        chain[count++] = new VirtioBuffer(_ring.Bus(request), RequestLength, false);
        if (data.Direction == ScsiDirection.Out)
        {
            chain[count++] = new VirtioBuffer(data.Address, data.Length, false);
        }

        chain[count++] = new VirtioBuffer(_ring.Bus(response), ResponseLength, true);
        if (data.Direction == ScsiDirection.In)
        {
            chain[count++] = new VirtioBuffer(data.Address, data.Length, true);
        }

        return _ring.TryRun(chain[..count]);
    }

    private bool TryReadResponse(out ScsiOutcome outcome)
    {
        const byte Delivered = 0;
        const int StatusOffset = 10;
        const int ResponseOffset = 11;
        const int SenseOffset = 12;
        Span<byte> response = stackalloc byte[(int)ResponseLength];
        _ring.Memory.Read(_ring.Extra + RequestLength, response);
        int sense = (int)Math.Min(_ring.Memory.Read32(_ring.Extra + RequestLength, _link.Port.Order), SenseLength);
        outcome = ScsiOutcome.FromSense(response[StatusOffset], response.Slice(SenseOffset, sense));
        if (response[ResponseOffset] != Delivered)
        {
            _host.Report(Name, $"the adapter's response is {response[ResponseOffset]}");
        }

        return response[ResponseOffset] == Delivered;
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>The virtio 1.x layout: structures in memory that vendor capabilities tell the places of. Source: virtio 1.1, 4.1.4.3 to 4.1.4.6.</summary>
internal sealed class VirtioModernPort(IPciFunctionAccess function) : IVirtioPort, IStateful
{
    private const uint OfferedSelect = 0x00;
    private const uint Offered = 0x04;
    private const uint AcceptedSelect = 0x08;
    private const uint Accepted = 0x0c;
    private const uint DeviceStatus = 0x14;
    private const uint QueueSelect = 0x16;
    private const uint Entries = 0x18;
    private const uint QueueEnable = 0x1c;
    private const uint QueueNotifyOffset = 0x1e;
    private const uint QueueDescriptors = 0x20;
    private const uint QueueAvailable = 0x28;
    private const uint QueueUsed = 0x30;

    private int _commonBar;
    private uint _common;
    private int _notifyBar;
    private uint _notify;
    private uint _notifyMultiplier;
    private int _deviceBar;
    private uint _device;

    /// <inheritdoc/>
    public byte Status
    {
        get => (byte)function.Read(_commonBar, _common + DeviceStatus, 1);
        set => function.Write(_commonBar, _common + DeviceStatus, value, 1);
    }

    /// <inheritdoc/>
    public Endianness Order => Endianness.Little;

    /// <inheritdoc/>
    public ulong OfferedFeatures
    {
        get
        {
            WriteCommon(OfferedSelect, 1, 4);
            ulong high = ReadCommon(Offered, 4);
            WriteCommon(OfferedSelect, 0, 4);
            return (high << 32) | ReadCommon(Offered, 4);
        }
    }

    /// <summary>Looks for the structures. False where the function has none, or not all.</summary>
    public bool TryFind()
    {
        const int Status = 0x06;
        const uint HasCapabilities = 0x10;
        const int CapabilityPointer = 0x34;
        const uint VendorSpecific = 9;
        const int MostCapabilities = 48;
        (_commonBar, _notifyBar, _deviceBar) = (-1, -1, -1);
        int at = (function.ReadConfig(Status, 2) & HasCapabilities) != 0 ? (int)function.ReadConfig(CapabilityPointer, 1) & 0xfc : 0;
        for (int i = 0; i < MostCapabilities && at >= 0x40; i++)
        {
            if (function.ReadConfig(at, 1) == VendorSpecific)
            {
                Note(at);
            }

            at = (int)function.ReadConfig(at + 1, 1) & 0xfc;
        }

        return _commonBar >= 0 && _notifyBar >= 0;
    }

    /// <inheritdoc/>
    public void Accept(ulong features)
    {
        WriteCommon(AcceptedSelect, 0, 4);
        WriteCommon(Accepted, (uint)features, 4);
        WriteCommon(AcceptedSelect, 1, 4);
        WriteCommon(Accepted, (uint)(features >> 32), 4);
    }

    /// <inheritdoc/>
    public ushort QueueSize(int queue)
    {
        WriteCommon(QueueSelect, (uint)queue, 2);
        return (ushort)ReadCommon(Entries, 2);
    }

    /// <inheritdoc/>
    public ushort ChooseSize(int queue, ushort wanted) => Math.Min(QueueSize(queue), wanted);

    /// <inheritdoc/>
    public bool TryPlaceQueue(int queue, ushort size, ulong descriptors, ulong available, ulong used)
    {
        WriteCommon(QueueSelect, (uint)queue, 2);
        WriteCommon(Entries, size, 2);
        Write64(QueueDescriptors, descriptors);
        Write64(QueueAvailable, available);
        Write64(QueueUsed, used);
        WriteCommon(QueueEnable, 1, 2);
        return true;
    }

    /// <inheritdoc/>
    public void Notify(int queue)
    {
        WriteCommon(QueueSelect, (uint)queue, 2);
        uint place = ReadCommon(QueueNotifyOffset, 2);
        function.Write(_notifyBar, _notify + (place * _notifyMultiplier), (uint)queue, 2);
    }

    /// <inheritdoc/>
    public uint ReadConfiguration(uint offset, int size) => _deviceBar < 0 ? 0 : function.Read(_deviceBar, _device + offset, size);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("common-bar", ref _commonBar);
        state.Field("common", ref _common);
        state.Field("notify-bar", ref _notifyBar);
        state.Field("notify", ref _notify);
        state.Field("notify-multiplier", ref _notifyMultiplier);
        state.Field("device-bar", ref _deviceBar);
        state.Field("device", ref _device);
    }

    /// <summary>Takes the place that a capability tells. The first of a kind is the one the device likes best.</summary>
    private void Note(int at)
    {
        const uint CommonType = 1;
        const uint NotifyType = 2;
        const uint DeviceType = 4;
        const int LastBar = 5;
        uint type = function.ReadConfig(at + 3, 1);
        int bar = (int)function.ReadConfig(at + 4, 1);
        uint offset = function.ReadConfig(at + 8, 4);
        switch (type)
        {
            case var _ when bar > LastBar:
                break;
            case CommonType when _commonBar < 0:
                (_commonBar, _common) = (bar, offset);
                break;
            case NotifyType when _notifyBar < 0:
                (_notifyBar, _notify, _notifyMultiplier) = (bar, offset, function.ReadConfig(at + 16, 4));
                break;
            case DeviceType when _deviceBar < 0:
                (_deviceBar, _device) = (bar, offset);
                break;
        }
    }

    private uint ReadCommon(uint register, int size) => function.Read(_commonBar, _common + register, size);

    private void WriteCommon(uint register, uint value, int size) => function.Write(_commonBar, _common + register, value, size);

    private void Write64(uint register, ulong value)
    {
        WriteCommon(register, (uint)value, 4);
        WriteCommon(register + 4, (uint)(value >> 32), 4);
    }
}

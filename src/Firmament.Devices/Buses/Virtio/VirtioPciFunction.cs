using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// A virtio device on PCI: the transitional transport, with the legacy registers in I/O BAR 0 and the virtio 1.x structures in memory BAR 1,
/// found through vendor capabilities. Interrupts by INTx, and by MSI-X where the board has a target for messages. Source: virtio 1.1, 4.1.
/// </summary>
/// <remarks>
/// A driver that does not accept VERSION_1 is a legacy one: its rings and its part of the configuration space are in the guest's own byte
/// order (2.4.3, 2.6.3), which no register tells, so the machine does. The legacy header itself is little-endian, as all PCI registers.
/// </remarks>
public sealed class VirtioPciFunction : PciFunction, IVirtioTransport
{
    internal const byte Acknowledge = 1;
    internal const byte Driver = 2;
    internal const byte DriverOk = 4;
    internal const byte FeaturesOk = 8;
    internal const byte NeedsReset = 64;

    private const ushort RedHat = 0x1af4;
    private const int AnyLayout = 27;
    private const int RingIndirect = 28;
    private const int RingEventIndex = 29;
    private const int Version1 = 32;
    private const int AccessPlatform = 33;

    private const byte IsrQueue = 1;
    private const byte IsrConfiguration = 2;
    private const ushort InterruptDisable = 0x400;

    private const int ConfigurationWindow = 0x84;
    private const int MsixCapability = 0x98;
    private const int MsixBar = 2;
    private const ushort NoVector = 0xffff;

    private readonly Tracer _tracer;
    private readonly Endianness _legacyOrder;
    private readonly VirtioModernRegisters _modern;
    private readonly IDmaSpace? _plainMemory;
    private readonly bool _translates;
    private IDmaSpace? _dma;
    private ulong _features;
    private uint _offeredSelect;
    private uint _acceptedSelect;
    private ushort _queueSelect;
    private byte _status;
    private byte _isr;
    private byte _generation;
    private ushort _configurationVector = NoVector;
    private readonly ushort[] _queueVectors;

    /// <summary>Puts a device behind the transport.</summary>
    /// <param name="device">The device.</param>
    /// <param name="legacyEndianness">The guest's own byte order, for legacy drivers.</param>
    /// <param name="tracer">For guest mistakes.</param>
    /// <param name="transitional">False leaves the legacy interface out (virtio 1.x drivers only).</param>
    /// <param name="hasMsix">True gives it a message for each queue and one for the configuration; the board must have a target for messages.</param>
    /// <param name="plainMemory">
    /// Guest RAM by physical address, where the bus's own addresses are translated: what a device reaches while its driver has not accepted
    /// ACCESS_PLATFORM (virtio 1.1, section 6). Null on a bus without an IOMMU.
    /// </param>
    /// <param name="translates">True offers ACCESS_PLATFORM, and refuses drivers that do not accept it; only without the legacy interface.</param>
    public VirtioPciFunction(
        VirtioDevice device, Endianness legacyEndianness, Tracer tracer, bool transitional = true, bool hasMsix = false, IDmaSpace? plainMemory = null,
        bool translates = false)
        : base(RedHat, PciDeviceId(device.Type, transitional), device.ClassCode, transitional ? (byte)0 : (byte)1)
    {
        _plainMemory = plainMemory == null ? null : Master(plainMemory);
        _translates = translates && !transitional;
        Device = device;
        device.Transport = this;
        _tracer = tracer;
        _legacyOrder = legacyEndianness;
        _modern = new VirtioModernRegisters(this);
        Define16(0x2c, RedHat, 0);
        Define16(0x2e, transitional ? device.Type : (ushort)0x1100, 0);
        Define8(0x3d, 1, 0);
        if (transitional)
        {
            DefineBar(0, PciSpace.Io, 128, new VirtioLegacyRegisters(this));
        }

        DefineBar(1, PciSpace.Memory, VirtioModernRegisters.Length, _modern);
        DefineVirtioCapability(0x40, VirtioModernRegisters.CommonType, VirtioModernRegisters.CommonOffset, VirtioModernRegisters.CommonLength);
        DefineVirtioCapability(0x50, VirtioModernRegisters.IsrType, VirtioModernRegisters.IsrOffset, 1);
        DefineVirtioCapability(0x60, VirtioModernRegisters.DeviceType, VirtioModernRegisters.DeviceOffset, (uint)Math.Max(device.ConfigurationLength, 4));
        DefineVirtioCapability(
            0x70, VirtioModernRegisters.NotifyType, VirtioModernRegisters.NotifyOffset, 4u * (uint)device.Queues.Count, VirtioModernRegisters.NotifyMultiplier);
        DefineConfigurationWindow();
        _queueVectors = new ushort[device.Queues.Count];
        _queueVectors.AsSpan().Fill(NoVector);
        if (hasMsix)
        {
            DefineMsix(MsixCapability, MsixBar, device.Queues.Count + 1);
        }
    }

    /// <summary>The device behind.</summary>
    public VirtioDevice Device { get; }

    /// <inheritdoc/>
    public override string Name => Device.Name;

    /// <summary>The device status register (virtio 1.1, 2.1).</summary>
    public byte Status => _status;

    /// <inheritdoc/>
    IDmaSpace IVirtioTransport.Dma => _plainMemory != null && (_features >> AccessPlatform & 1) == 0 ? _plainMemory : _dma ??= Dma;

    /// <inheritdoc/>
    public ulong Features => _features;

    /// <inheritdoc/>
    public Endianness Order => (_features >> Version1 & 1) != 0 ? Endianness.Little : _legacyOrder;

    /// <inheritdoc/>
    public bool IsRunning => (_status & (DriverOk | NeedsReset)) == DriverOk;

    internal ulong OfferedFeatures => Device.OfferedFeatures
        | (1ul << RingIndirect) | (1ul << RingEventIndex) | (1ul << Version1) | (_translates ? 1ul << AccessPlatform : 0);

    internal ulong OfferedLegacyFeatures => Device.OfferedFeatures | (1ul << AnyLayout) | (1ul << RingIndirect) | (1ul << RingEventIndex);

    internal ref uint OfferedSelect => ref _offeredSelect;

    internal ref uint AcceptedSelect => ref _acceptedSelect;

    internal ref ushort QueueSelect => ref _queueSelect;

    internal byte Generation => _generation;

    internal Endianness LegacyOrder => _legacyOrder;

    internal bool UsesMsix => Msix?.IsEnabled == true;

    /// <summary>The message for changes of the configuration; 0xffff = none.</summary>
    internal ushort ConfigurationVector { get => _configurationVector; set => _configurationVector = Existing(value); }

    /// <summary>The message of the selected queue; 0xffff = none.</summary>
    internal ushort QueueVector
    {
        get => SelectedQueue == null ? NoVector : _queueVectors[_queueSelect];
        set
        {
            if (SelectedQueue != null)
            {
                _queueVectors[_queueSelect] = Existing(value);
            }
        }
    }

    internal Virtqueue? SelectedQueue => _queueSelect < Device.Queues.Count ? Device.Queues[_queueSelect] : null;

    /// <inheritdoc/>
    public void InterruptQueue(int queue) => Interrupted(IsrQueue, _queueVectors[queue]);

    /// <inheritdoc/>
    public void InterruptConfiguration()
    {
        _generation++;
        if ((_status & DriverOk) != 0)
        {
            Interrupted(IsrConfiguration, _configurationVector);
        }
    }

    /// <inheritdoc/>
    public void Break(string why)
    {
        _tracer.GuestError(Name, why + "; the device needs a reset");
        bool tell = (_status & (DriverOk | NeedsReset)) == DriverOk;
        _status |= NeedsReset;
        if (tell)
        {
            Interrupted(IsrConfiguration, _configurationVector);
        }
    }

    /// <inheritdoc/>
    public override uint ReadConfig(int offset, int size)
    {
        // virtio 1.1, 4.1.4.9: bytes 16 to 19 of this capability are a window onto a BAR, for firmware that cannot map one.
        if (offset >= ConfigurationWindow + 16 && offset < ConfigurationWindow + 20 && WindowTarget(out IMmioTarget? target, out ulong at, out int width))
        {
            Poke(ConfigurationWindow + 16, (uint)target.Read(at, width), 4);
        }

        return base.ReadConfig(offset, size);
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, uint value, int size)
    {
        base.WriteConfig(offset, value, size);
        if (offset >= ConfigurationWindow + 16 && offset < ConfigurationWindow + 20 && WindowTarget(out IMmioTarget? target, out ulong at, out int width))
        {
            target.Write(at, BinaryPrimitives.ReadUInt32LittleEndian(Config[(ConfigurationWindow + 16)..]) & (uint.MaxValue >> (32 - (8 * width))), width);
        }

        DriveInterrupt();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        ResetDevice();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("features", ref _features);
        state.Field("offered-select", ref _offeredSelect);
        state.Field("accepted-select", ref _acceptedSelect);
        state.Field("queue-select", ref _queueSelect);
        state.Field("status", ref _status);
        state.Field("isr", ref _isr);
        state.Field("generation", ref _generation);
        state.Field("configuration-vector", ref _configurationVector);
        for (int i = 0; i < _queueVectors.Length; i++)
        {
            state.Field($"vector{i}", ref _queueVectors[i]);
        }

        state.Component("device", Device);
        if (state.IsLoading)
        {
            ApplyFeatures();
        }
    }

    internal void AcceptFeatures(ulong value, ulong mask, bool isLegacy)
    {
        if ((_status & FeaturesOk) != 0)
        {
            _tracer.GuestError(Name, "features written after FEATURES_OK");
            return;
        }

        _features = ((_features & ~mask) | (value & mask)) & (isLegacy ? OfferedLegacyFeatures : ulong.MaxValue);
        ApplyFeatures();
    }

    internal void WriteStatus(byte value, bool isLegacy)
    {
        if (value == 0)
        {
            ResetDevice();
            return;
        }

        byte old = _status;
        byte status = (byte)(value | (old & NeedsReset));
        if (!isLegacy && (status & FeaturesOk) != 0 && (old & FeaturesOk) == 0
            && ((_features & ~OfferedFeatures) != 0 || (_features >> Version1 & 1) == 0 || (_translates && (_features >> AccessPlatform & 1) == 0)))
        {
            _tracer.GuestError(Name, $"features 0x{_features:x} refused; 0x{OfferedFeatures:x} are offered");
            status &= unchecked((byte)~FeaturesOk);
        }

        _status = status;
        if ((old & DriverOk) == 0 && IsRunning)
        {
            for (int i = 0; i < Device.Queues.Count; i++)
            {
                Device.Process(i);
            }
        }
    }

    internal void Notify(uint queue)
    {
        if (queue >= Device.Queues.Count)
        {
            _tracer.GuestError(Name, $"notification of queue {queue}; there are {Device.Queues.Count}");
        }
        else if (IsRunning)
        {
            Device.Process((int)queue);
        }
    }

    internal byte TakeIsr()
    {
        byte value = _isr;
        _isr = 0;
        DriveInterrupt();
        return value;
    }

    internal uint ReadDeviceConfiguration(int offset, int size, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[128];
        bytes.Clear();
        Device.GetConfiguration(bytes[..Device.ConfigurationLength], order);
        uint value = 0;
        for (int i = 0; i < size && offset + i < Device.ConfigurationLength; i++)
        {
            value |= (uint)bytes[offset + i] << (8 * i);
        }

        return value;
    }

    internal void WriteDeviceConfiguration(int offset, ulong value, int size, Endianness order)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        if (offset + size <= Device.ConfigurationLength)
        {
            Device.SetConfiguration(offset, bytes[..size], order);
        }
    }

    private static ushort PciDeviceId(ushort type, bool transitional)
    {
        // virtio 1.1, 4.1.2.1: transitional IDs are not in the order of the device types.
        ushort legacy = type switch { 1 => 0x1000, 2 => 0x1001, 3 => 0x1003, 4 => 0x1005, 5 => 0x1002, 8 => 0x1004, 9 => 0x1009, _ => 0 };
        return transitional && legacy != 0 ? legacy : (ushort)(0x1040 + type);
    }

    private void DefineVirtioCapability(int at, byte type, uint offset, uint length, uint? extra = null)
    {
        Span<byte> body = stackalloc byte[18];
        body.Clear();
        body[0] = extra == null ? (byte)16 : (byte)20;
        body[1] = type;
        body[2] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(body[10..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[14..], extra ?? 0);
        DefineCapability(at, 0x09, extra == null ? body[..14] : body);
    }

    private void DefineConfigurationWindow()
    {
        DefineVirtioCapability(ConfigurationWindow, VirtioModernRegisters.WindowType, 0, 0, 0);
        Define8(ConfigurationWindow + 4, 0, 0xff);
        Define32(ConfigurationWindow + 8, 0, uint.MaxValue);
        Define32(ConfigurationWindow + 12, 0, uint.MaxValue);
        Define32(ConfigurationWindow + 16, 0, uint.MaxValue);
    }

    private bool WindowTarget([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IMmioTarget? target, out ulong offset, out int width)
    {
        byte bar = Config[ConfigurationWindow + 4];
        offset = BinaryPrimitives.ReadUInt32LittleEndian(Config[(ConfigurationWindow + 8)..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Config[(ConfigurationWindow + 12)..]);
        width = (int)length;
        target = bar < 6 && Bars[bar] is { } found && length is 1 or 2 or 4 && offset % length == 0 && offset + length <= found.Size ? found.Target : null;
        return target != null;
    }

    private void ApplyFeatures()
    {
        foreach (Virtqueue queue in Device.Queues)
        {
            queue.Negotiate(Order, (_features >> RingIndirect & 1) != 0, (_features >> RingEventIndex & 1) != 0);
        }
    }

    private void ResetDevice()
    {
        _features = 0;
        _offeredSelect = _acceptedSelect = 0;
        _queueSelect = 0;
        _status = _isr = 0;
        _configurationVector = NoVector;
        _queueVectors.AsSpan().Fill(NoVector);
        Device.Reset();
        ApplyFeatures();
        DriveInterrupt();
    }

    // virtio 1.1, 4.1.4.3: a vector that does not exist reads back as none.
    private ushort Existing(ushort vector) => Msix is { } msix && vector < msix.Vectors ? vector : NoVector;

    private void Interrupted(byte cause, ushort vector)
    {
        if (Msix is { IsEnabled: true } msix)
        {
            msix.Raise(vector);
            return;
        }

        _isr |= cause;
        DriveInterrupt();
    }

    private void DriveInterrupt()
    {
        const byte InterruptStatus = 8;
        Poke(0x06, (uint)((Config[0x06] & ~InterruptStatus) | (_isr != 0 ? InterruptStatus : 0)), 1);
        Interrupt.Set(_isr != 0 && (Command & InterruptDisable) == 0 && !UsesMsix);
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>
/// A virtio device from reset to DRIVER_OK and back: the part that is the same for every kind. The 1.x layout is used where there is one.
/// Source: virtio 1.1, 3.1.
/// </summary>
internal sealed class VirtioLink(DriverHost host, IPciFunctionAccess function, Endianness guestOrder) : IStateful
{
    private const byte Acknowledge = 1;
    private const byte Driver = 2;
    private const byte DriverOk = 4;
    private const byte FeaturesOk = 8;
    private const byte NeedsReset = 64;
    private const byte Failed = 128;
    private const ulong Version1 = 1ul << 32;
    private const ulong AccessPlatform = 1ul << 33;

    private static readonly VirtualTime ResetLimit = VirtualTime.FromSeconds(1);

    private readonly VirtioModernPort _modern = new(function);
    private readonly VirtioLegacyPort _legacy = new(function, guestOrder);
    private bool _isEnabled;
    private bool _isModern;
    private ulong _features;

    /// <summary>For traces.</summary>
    public string Name => function.Name;

    /// <summary>The firmware.</summary>
    public DriverHost Host => host;

    /// <summary>What was agreed on.</summary>
    public ulong Features => _features;

    /// <summary>The device's registers.</summary>
    public IVirtioPort Port => _isModern ? _modern : _legacy;

    /// <summary>The addresses that the device takes: those of RAM, unless it wants to be a bus master like any other.</summary>
    public IDmaMapper Dma => (_features & AccessPlatform) != 0 ? function.Dma : IdentityDma.Instance;

    /// <summary>True when the device gave up on what it found in its rings.</summary>
    public bool IsBroken => (Port.Status & NeedsReset) != 0;

    /// <summary>Resets the device and agrees on features. Queues follow, then <see cref="Begin"/>.</summary>
    /// <param name="wanted">Features of the device's kind that the driver knows.</param>
    public bool TryStart(ulong wanted)
    {
        if (!function.TryEnable())
        {
            host.Report(Name, "no room for its registers");
            return false;
        }

        _isEnabled = true;
        _isModern = _modern.TryFind();
        if (!TryReset())
        {
            host.Report(Name, "it does not come out of its reset");
            return false;
        }

        Port.Status = Acknowledge;
        Port.Status = Acknowledge | Driver;
        // No ring feature is wanted: one request at a time needs neither indirect descriptors nor event indexes.
        _features = Port.OfferedFeatures & (wanted | (_isModern ? Version1 | AccessPlatform : 0));
        Port.Accept(_features);
        if (!_isModern)
        {
            return true;
        }

        Port.Status = Acknowledge | Driver | FeaturesOk;
        if ((Port.Status & FeaturesOk) != 0)
        {
            return true;
        }

        Port.Status = Failed;
        host.Report(Name, $"it refuses features 0x{_features:x}");
        return false;
    }

    /// <summary>The device may use its queues from now on.</summary>
    public void Begin() => Port.Status = (byte)(Acknowledge | Driver | DriverOk | (_isModern ? FeaturesOk : 0));

    /// <summary>Resets the device, which then has no queues.</summary>
    public void Reset()
    {
        if (_isEnabled && !TryReset())
        {
            host.Report(Name, "it does not come out of its reset");
        }
    }

    /// <summary>Gives the device's registers back. After <see cref="Reset"/>, and after its queues were released.</summary>
    public void Stop()
    {
        if (_isEnabled)
        {
            function.Disable();
            _isEnabled = false;
        }

        _features = 0;
    }

    /// <summary>True when the device agreed on a feature of its kind.</summary>
    public bool Has(int feature) => ((_features >> feature) & 1) != 0;

    /// <summary>A 64-bit number of the configuration space.</summary>
    public ulong ReadConfiguration64(uint offset)
    {
        uint first = Port.ReadConfiguration(offset, 4);
        uint second = Port.ReadConfiguration(offset + 4, 4);
        return Port.Order == Endianness.Little ? first | ((ulong)second << 32) : second | ((ulong)first << 32);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("modern", _modern);
        state.Field("enabled", ref _isEnabled);
        state.Field("is-modern", ref _isModern);
        state.Field("features", ref _features);
    }

    private bool TryReset()
    {
        Port.Status = 0;
        return host.WaitUntil(Port, static port => port.Status == 0, ResetLimit);
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// An event notification descriptor (END): an event queue of one server and priority, in guest memory. Entries are 32-bit big-endian:
/// the generation in bit 0, which flips each time the queue wraps, and the event's EISN.
/// </summary>
internal sealed class XiveQueue : IStateful
{
    private ulong _address;
    private int _sizeShift;
    private uint _index;
    private bool _generation;
    private bool _alwaysNotifies;
    private byte _notificationState = XiveEventState.Off;
    private byte _escalationState = XiveEventState.Off;

    /// <summary>True once the OS gave it memory.</summary>
    public bool IsValid => _sizeShift != 0;

    /// <summary>Logical real address; 0 while it is not valid.</summary>
    public ulong Address => _address;

    /// <summary>Log2 of its bytes; 0 while it is not valid.</summary>
    public int SizeShift => _sizeShift;

    /// <summary>The entry written next.</summary>
    public uint Index => _index;

    /// <summary>The generation bit of the entry written next.</summary>
    public bool Generation => _generation;

    /// <summary>True when each event notifies, whatever the notification state bits say.</summary>
    public bool AlwaysNotifies => _alwaysNotifies;

    /// <summary>P and Q that coalesce notifications (ESn).</summary>
    public ref byte NotificationState => ref _notificationState;

    /// <summary>P and Q of escalations (ESe). Not modelled: the escalation itself; a partition's CPUs are always reachable.</summary>
    public ref byte EscalationState => ref _escalationState;

    /// <summary>Gives it memory that the OS zeroed; entries begin at its start with generation 1.</summary>
    public void Configure(ulong address, int sizeShift, bool alwaysNotifies)
    {
        _address = address;
        _sizeShift = sizeShift;
        _index = 0;
        _generation = true;
        _alwaysNotifies = alwaysNotifies;
        _notificationState = _escalationState = XiveEventState.Ready;
    }

    /// <summary>Without memory: events that come here are lost.</summary>
    public void Reset()
    {
        _address = 0;
        _sizeShift = 0;
        _index = 0;
        _generation = _alwaysNotifies = false;
        _notificationState = _escalationState = XiveEventState.Off;
    }

    /// <summary>Appends an entry. False, with nothing changed, when its address is not RAM.</summary>
    public bool Append(GuestMemory ram, uint effectiveNumber)
    {
        uint entry = (_generation ? 0x8000_0000u : 0) | (effectiveNumber & 0x7fff_ffff);
        if (!ram.TryWriteUInt32(new PhysicalAddress(_address + ((ulong)_index * 4)), entry))
        {
            return false;
        }

        _index = (_index + 1) & (uint)((1UL << (_sizeShift - 2)) - 1);
        if (_index == 0)
        {
            _generation = !_generation;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("address", ref _address);
        state.Field("sizeShift", ref _sizeShift);
        state.Field("index", ref _index);
        state.Field("generation", ref _generation);
        state.Field("always", ref _alwaysNotifies);
        state.Field("esn", ref _notificationState);
        state.Field("ese", ref _escalationState);
    }
}

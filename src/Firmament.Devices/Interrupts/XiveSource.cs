namespace Firmament.Devices.Interrupts;

/// <summary>A XIVE source's event state bits and its event assignment structure (EAS): the queue its events go to.</summary>
internal sealed class XiveSource
{
    private byte _eventState = XiveEventState.Off;

    /// <summary>P and Q.</summary>
    public ref byte EventState => ref _eventState;

    /// <summary>True when events are dropped after the event state bits.</summary>
    public bool IsMasked { get; set; } = true;

    /// <summary>Index of the queue: server × 8 + priority.</summary>
    public int Queue { get; set; }

    /// <summary>The number the OS finds in its queue (EISN), 31 bits.</summary>
    public uint EffectiveNumber { get; set; }

    /// <summary>All of it in one word, for saved states: EISN, queue, P and Q, mask.</summary>
    public ulong Packed
    {
        get => ((ulong)EffectiveNumber << 32) | ((ulong)(uint)Queue << 8) | ((ulong)_eventState << 4) | (IsMasked ? 1u : 0u);
        set
        {
            EffectiveNumber = (uint)(value >> 32);
            Queue = (int)((value >> 8) & 0xffffff);
            _eventState = (byte)((value >> 4) & 3);
            IsMasked = (value & 1) != 0;
        }
    }

    /// <summary>Masked, with the source number <paramref name="number"/> as EISN; the event state stays.</summary>
    public void Unassign(int number)
    {
        IsMasked = true;
        Queue = 0;
        EffectiveNumber = (uint)number;
    }

    /// <summary>Power-on state of source <paramref name="number"/>: masked and off.</summary>
    public void Reset(int number)
    {
        Unassign(number);
        _eventState = XiveEventState.Off;
    }
}

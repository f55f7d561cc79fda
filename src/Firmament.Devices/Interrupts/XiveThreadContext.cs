using System.Numerics;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The OS ring of one CPU's thread interrupt context: which priorities are pending (IPB), and how favoured the CPU's current one is (CPPR).
/// NSR and PIPR follow from these. Lower priorities are more favoured, 0 to 7; 0xff is none.
/// </summary>
/// <remarks>Not modelled: logical server sizes (LSMFB, ACK_CNT, INC and AGE keep their reset values).</remarks>
/// <param name="output">Drives the CPU's external interrupt input.</param>
internal sealed class XiveThreadContext(Action<bool> output) : IStateful
{
    private const byte OsException = 0x80;
    private const byte None = 0xff;

    private byte _currentPriority;
    private byte _pendingBits;

    /// <summary>PIPR: the most favoured pending priority.</summary>
    public byte PendingPriority => _pendingBits == 0 ? None : (byte)(BitOperations.LeadingZeroCount((uint)_pendingBits) - 24);

    /// <summary>CPPR.</summary>
    public byte CurrentPriority => _currentPriority;

    /// <summary>NSR: bit 0x80 says that an interrupt is presented to the OS.</summary>
    public byte Notification => PendingPriority < _currentPriority ? OsException : (byte)0;

    /// <summary>
    /// Sets CPPR; anything above 7 lets all through. An interrupt that is presented and no longer favoured enough stays pending and is
    /// withdrawn from the CPU.
    /// </summary>
    public void SetCurrentPriority(byte priority)
    {
        _currentPriority = priority > 7 ? None : priority;
        Update();
    }

    /// <summary>Makes a priority pending; above 7 does nothing.</summary>
    public void SetPending(byte priority)
    {
        if (priority <= 7)
        {
            _pendingBits |= (byte)(0x80 >> priority);
            Update();
        }
    }

    /// <summary>The acknowledge cycle: the presented priority becomes current and is no longer pending.</summary>
    /// <returns>NSR before and CPPR after.</returns>
    public ushort Acknowledge()
    {
        byte notification = Notification;
        if (notification != 0)
        {
            _currentPriority = PendingPriority;
            _pendingBits &= (byte)~(0x80 >> _currentPriority);
        }

        Update();
        return (ushort)((notification << 8) | _currentPriority);
    }

    /// <summary>A register byte of the ring, 0 to 15, as the OS page shows it; 0 where it has nothing.</summary>
    public byte Register(int offset) => offset switch
    {
        0 => Notification,
        1 => _currentPriority,
        2 => _pendingBits,
        3 or 4 => None, // LSMFB, ACK_CNT
        7 => PendingPriority,
        _ => 0,
    };

    /// <summary>CPPR 0 lets nothing through, and nothing is pending.</summary>
    public void Reset()
    {
        _currentPriority = 0;
        _pendingBits = 0;
        output(false);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("cppr", ref _currentPriority);
        state.Field("ipb", ref _pendingBits);
    }

    private void Update() => output(Notification != 0);
}

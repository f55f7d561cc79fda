using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Devices.Input;

/// <summary>
/// A PS/2 keyboard: commands, scan code sets 1 to 3, LEDs, typematic repeat. Source: IBM PS/2 Hardware Interface Technical Reference, keyboards.
/// </summary>
public sealed class Ps2Keyboard : IStateful
{
    private const byte Acknowledge = 0xfa;
    private const byte SelfTestPassed = 0xaa;
    private const byte ResendRequest = 0xfe;
    private const int MostHeldEvents = 1024;

    private readonly Ps2Queue _queue = new();
    private readonly Queue<(PcKey Key, bool Down)> _held = new();
    private readonly ScheduledTimer _typematicTimer;
    private readonly Action _queueChanged;
    private readonly byte[] _set3Flags = new byte[256];
    private byte _argumentOf;
    private byte _leds;
    private byte _typematic = 0x2b;
    private byte _lastSent;
    private int _repeating;
    private int _set = 2;
    private bool _scanning = true;

    internal Ps2Keyboard(Scheduler scheduler, Action queueChanged)
    {
        _typematicTimer = scheduler.CreateTimer("typematic", Repeat);
        _queueChanged = queueChanged;
    }

    /// <summary>Bit 0 Scroll Lock, bit 1 Num Lock, bit 2 Caps Lock.</summary>
    public byte Leds => _leds;

    internal bool HasByte => _queue.Count > 0;

    /// <summary>A key goes down or up. Events wait on the host side while the keyboard's 16-byte buffer is full.</summary>
    public void Press(PcKey key, bool down)
    {
        if (_held.Count < MostHeldEvents)
        {
            _held.Enqueue((key, down));
        }

        Pump();
        _queueChanged();
    }

    internal byte TakeByte()
    {
        _lastSent = _queue.Pop();
        Pump();
        return _lastSent;
    }

    /// <summary>A byte from the controller.</summary>
    internal void Command(byte value)
    {
        if (_argumentOf != 0 && value < 0xed)
        {
            byte command = _argumentOf;
            _argumentOf = 0;
            Argument(command, value);
        }
        else
        {
            _argumentOf = 0;
            Execute(value);
        }

        Pump();
        _queueChanged();
    }

    internal void Reset()
    {
        _queue.Clear();
        _held.Clear();
        _argumentOf = _leds = _lastSent = 0;
        SetDefaults();
        _scanning = true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("queue", _queue);
        state.Field("argumentOf", ref _argumentOf);
        state.Field("leds", ref _leds);
        state.Field("typematic", ref _typematic);
        state.Field("lastSent", ref _lastSent);
        state.Field("repeating", ref _repeating);
        state.Field("set", ref _set);
        state.Field("scanning", ref _scanning);
        state.Bytes("set3Flags", _set3Flags);
        VisitHeld(state);
        _typematicTimer.Visit(state);
    }

    private void VisitHeld(StateVisitor state)
    {
        int count = _held.Count;
        state.Field("held", ref count);
        byte[] bytes = new byte[2 * Math.Clamp(count, 0, MostHeldEvents)];
        int at = 0;
        foreach ((PcKey key, bool down) in _held)
        {
            if (!state.IsLoading)
            {
                bytes[at++] = (byte)key;
                bytes[at++] = down ? (byte)1 : (byte)0;
            }
        }

        state.Bytes("heldEvents", bytes);
        if (state.IsLoading)
        {
            _held.Clear();
            for (int i = 0; i < bytes.Length; i += 2)
            {
                _held.Enqueue(((PcKey)bytes[i], bytes[i + 1] != 0));
            }
        }
    }

    private void Execute(byte command)
    {
        switch (command)
        {
            case 0xed or 0xf0 or 0xf3 or 0xfb or 0xfc or 0xfd:
                _argumentOf = command;
                _queue.Push(Acknowledge);
                break;
            case 0xee:
                _queue.Push(0xee); // echo
                break;
            case 0xf2:
                _queue.Push(Acknowledge, 0xab, 0x83);
                break;
            case 0xf4:
                _queue.Clear();
                _scanning = true;
                _queue.Push(Acknowledge);
                break;
            case 0xf5 or 0xf6:
                _queue.Clear();
                SetDefaults();
                _scanning = command == 0xf6;
                _queue.Push(Acknowledge);
                break;
            case >= 0xf7 and <= 0xfa:
                // All keys: typematic, make/break, make only, all three. They affect set 3.
                Array.Fill(_set3Flags, (byte)(command - 0xf7 + 1));
                _queue.Push(Acknowledge);
                break;
            case 0xfe:
                _queue.Push(_lastSent);
                break;
            case 0xff:
                Reset();
                _queue.Push(Acknowledge, SelfTestPassed);
                break;
            default:
                _queue.Push(ResendRequest);
                break;
        }
    }

    private void Argument(byte command, byte value)
    {
        _queue.Push(Acknowledge);
        switch (command)
        {
            case 0xed:
                _leds = (byte)(value & 7);
                break;
            case 0xf0 when value == 0:
                _queue.Push((byte)_set);
                break;
            case 0xf0 when value is >= 1 and <= 3:
                _set = value;
                break;
            case 0xf3:
                _typematic = (byte)(value & 0x7f);
                break;
            case 0xfb or 0xfc or 0xfd:
                // One key of set 3; the list ends with the next command.
                _set3Flags[value] = (byte)(command - 0xfb + 1);
                _argumentOf = command;
                break;
            default:
                break;
        }
    }

    private void SetDefaults()
    {
        _typematic = 0x2b; // 500 ms, 10.9 characters a second
        _set = 2;
        Array.Clear(_set3Flags);
        _repeating = 0;
        _typematicTimer.Disarm();
    }

    // Moves key events into the buffer while it has room for the longest code.
    private void Pump()
    {
        const int LongestCode = 8;
        while (_held.Count > 0 && _queue.Count <= Ps2Queue.Capacity - LongestCode)
        {
            (PcKey key, bool down) = _held.Dequeue();
            if (!_scanning)
            {
                continue;
            }

            Send(key, down);
            if (down && key != PcKey.Pause)
            {
                _repeating = (int)key;
                _typematicTimer.ArmAfter(VirtualTime.FromMilliseconds(250 * (((_typematic >> 5) & 3) + 1)));
            }
            else if (!down && _repeating == (int)key)
            {
                _repeating = 0;
                _typematicTimer.Disarm();
            }
        }
    }

    private void Send(PcKey key, bool down)
    {
        byte[] code = ScanCodes.Encode(key, _set, down);
        if (_set == 3 && code.Length > 0 && !down && _set3Flags[code[^1]] is 1 or 3)
        {
            return; // typematic or make only: no break code
        }

        _queue.Push(code);
    }

    private void Repeat()
    {
        if (_repeating == 0 || !_scanning)
        {
            return;
        }

        // Rate: (8 + a) × 2^b × 4.17 ms (technical reference, command 0xf3). A full buffer drops repeats.
        int a = _typematic & 7;
        int b = (_typematic >> 3) & 3;
        _typematicTimer.ArmAfter(VirtualTime.FromMicroseconds((8 + a) * (1 << b) * 4_170));
        if (_queue.Count == 0)
        {
            Send((PcKey)_repeating, down: true);
            _queueChanged();
        }
    }
}

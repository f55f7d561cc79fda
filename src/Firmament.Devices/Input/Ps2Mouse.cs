using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Devices.Input;

/// <summary>
/// A PS/2 mouse with the IntelliMouse wheel and five buttons. Sources: IBM PS/2 Hardware Interface Technical Reference, mouse; Microsoft
/// IntelliMouse protocol (ID 3 after sample rates 200, 100, 80; ID 4 after 200, 200, 80).
/// </summary>
public sealed class Ps2Mouse : IStateful
{
    private const byte Acknowledge = 0xfa;
    private const byte Error = 0xfe;

    private readonly Ps2Queue _queue = new();
    private readonly ScheduledTimer _reportTimer;
    private readonly Action _queueChanged;
    private byte _argumentOf;
    private byte _buttons;
    private byte _reportedButtons;
    private byte _id;
    private byte _resolution = 2;
    private byte _sampleRate = 100;
    private byte _lastSent;
    private uint _rateHistory;
    private int _x;
    private int _y;
    private int _wheel;
    private bool _reporting;
    private bool _remote;
    private bool _wrap;
    private bool _scaling;

    internal Ps2Mouse(Scheduler scheduler, Action queueChanged)
    {
        _reportTimer = scheduler.CreateTimer("report", SendReport);
        _queueChanged = queueChanged;
    }

    internal bool HasByte => _queue.Count > 0;

    private bool HasNews => _x != 0 || _y != 0 || _wheel != 0 || _buttons != _reportedButtons;

    /// <summary>Moves the mouse and sets its buttons. Movement that does not fit a packet goes into the next.</summary>
    /// <param name="dx">Counts to the right.</param>
    /// <param name="dy">Counts up.</param>
    /// <param name="wheel">Wheel steps, positive towards the user.</param>
    /// <param name="buttons">Bit 0 left, 1 right, 2 middle, 3 and 4 side buttons.</param>
    public void Move(int dx, int dy, int wheel, byte buttons)
    {
        _x = Math.Clamp(_x + dx, -4096, 4096);
        _y = Math.Clamp(_y + dy, -4096, 4096);
        _wheel = Math.Clamp(_wheel + wheel, -128, 128);
        _buttons = (byte)(buttons & 0x1f);
        ScheduleReport();
    }

    internal byte TakeByte()
    {
        _lastSent = _queue.Pop();
        return _lastSent;
    }

    /// <summary>A byte from the controller.</summary>
    internal void Command(byte value)
    {
        if (_wrap && value is not (0xff or 0xec))
        {
            _queue.Push(value);
        }
        else if (_argumentOf != 0)
        {
            byte command = _argumentOf;
            _argumentOf = 0;
            Argument(command, value);
        }
        else
        {
            Execute(value);
        }

        ScheduleReport();
        _queueChanged();
    }

    internal void Reset()
    {
        _queue.Clear();
        _argumentOf = _id = _lastSent = 0;
        _rateHistory = 0;
        _wrap = _remote = false;
        _x = _y = _wheel = 0;
        _reportedButtons = _buttons;
        _reportTimer.Disarm();
        SetDefaults();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("queue", _queue);
        state.Field("argumentOf", ref _argumentOf);
        state.Field("buttons", ref _buttons);
        state.Field("reportedButtons", ref _reportedButtons);
        state.Field("id", ref _id);
        state.Field("resolution", ref _resolution);
        state.Field("sampleRate", ref _sampleRate);
        state.Field("lastSent", ref _lastSent);
        state.Field("rateHistory", ref _rateHistory);
        state.Field("x", ref _x);
        state.Field("y", ref _y);
        state.Field("wheel", ref _wheel);
        state.Field("reporting", ref _reporting);
        state.Field("remote", ref _remote);
        state.Field("wrap", ref _wrap);
        state.Field("scaling", ref _scaling);
        _reportTimer.Visit(state);
    }

    private void Execute(byte command)
    {
        // A command ends the packet that is on its way.
        _queue.Clear();
        _queue.Push(Acknowledge);
        switch (command)
        {
            case 0xe6 or 0xe7:
                _scaling = command == 0xe7;
                break;
            case 0xe8 or 0xf3:
                _argumentOf = command;
                break;
            case 0xe9:
                byte mode = (byte)((_remote ? 0x40 : 0) | (_reporting ? 0x20 : 0) | (_scaling ? 0x10 : 0));
                byte status = (byte)(mode | ((_buttons & 1) << 2) | ((_buttons & 4) >> 1) | ((_buttons & 2) >> 1));
                _queue.Push(status, _resolution, _sampleRate);
                break;
            case 0xea:
                _remote = false;
                break;
            case 0xeb:
                PushPacket();
                break;
            case 0xec:
                _wrap = false;
                break;
            case 0xee:
                _wrap = true;
                break;
            case 0xf0:
                _remote = true;
                break;
            case 0xf2:
                _queue.Push(_id);
                break;
            case 0xf4:
                _reporting = true;
                break;
            case 0xf5:
                _reporting = false;
                break;
            case 0xf6:
                SetDefaults();
                break;
            case 0xfe:
                _queue.Clear();
                _queue.Push(_lastSent);
                break;
            case 0xff:
                Reset();
                _queue.Push(Acknowledge, 0xaa, 0x00);
                break;
            default:
                _queue.Clear();
                _queue.Push(Error);
                break;
        }
    }

    private void Argument(byte command, byte value)
    {
        if (command == 0xe8)
        {
            if (value > 3)
            {
                _queue.Push(Error);
                return;
            }

            _resolution = value;
        }
        else
        {
            _sampleRate = Math.Max(value, (byte)1);
            _rateHistory = ((_rateHistory << 8) | value) & 0xff_ffff;
            _id = _rateHistory switch
            {
                0xc8_6450 => 3,
                0xc8_c850 when _id == 3 => 4,
                _ => _id,
            };
        }

        _queue.Push(Acknowledge);
    }

    private void SetDefaults()
    {
        _sampleRate = 100;
        _resolution = 2;
        _scaling = _reporting = false;
    }

    private void ScheduleReport()
    {
        if (HasNews && _reporting && !_remote && !_wrap && !_reportTimer.IsArmed)
        {
            _reportTimer.ArmAfter(new VirtualTime(1_000_000_000 / _sampleRate));
        }
    }

    private void SendReport()
    {
        const int LongestPacket = 4;
        if (HasNews && _reporting && !_remote && !_wrap)
        {
            if (_queue.Count <= Ps2Queue.Capacity - LongestPacket)
            {
                PushPacket();
                _queueChanged();
            }

            ScheduleReport();
        }
    }

    private void PushPacket()
    {
        int x = Math.Clamp(_x, -255, 255);
        int y = Math.Clamp(_y, -255, 255);
        _x -= x;
        _y -= y;
        _queue.Push(
            (byte)((y < 0 ? 0x20 : 0) | (x < 0 ? 0x10 : 0) | 0x08 | (_buttons & 7)),
            (byte)Scale(x),
            (byte)Scale(y));
        if (_id >= 3)
        {
            int wheel = Math.Clamp(_wheel, -8, 7);
            _wheel -= wheel;
            _queue.Push(_id == 3 ? (byte)(sbyte)wheel : (byte)((wheel & 15) | ((_buttons & 0x18) << 1)));
        }
        else
        {
            _wheel = 0;
        }

        _reportedButtons = _buttons;
    }

    // 2:1 scaling applies in stream mode only (technical reference, "Set Scaling 2:1").
    private int Scale(int count)
    {
        if (!_scaling || _remote)
        {
            return count;
        }

        int scaled = Math.Abs(count) switch { 0 => 0, 1 or 2 => 1, 3 => 3, 4 => 6, 5 => 9, int n => Math.Min(2 * n, 255) };
        return count < 0 ? -scaled : scaled;
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// One 8259A of the pair: request, mask and service registers, initialization and operation command words.
/// Source: Intel 8259A data sheet (231468). Level mode by input from the ELCR of PC chip sets.
/// </summary>
/// <param name="alwaysLevel">Inputs that are levels whatever the ELCR says: the cascade input of the master.</param>
/// <param name="outputChanged">Called with the INT pin's level.</param>
internal sealed class I8259(byte alwaysLevel, Action<bool> outputChanged) : IMmioTarget, IStateful
{
    private byte _request;
    private byte _mask;
    private byte _inService;
    private byte _inputs;
    private byte _levelTriggered;
    private byte _vectorBase;
    private byte _icw1;
    private byte _icw3;
    private byte _icw4;
    private byte _expectedIcw;
    private byte _lowestPriority = 7;
    private bool _rotateOnAutoEoi;
    private bool _specialMask;
    private bool _readInService;
    private bool _poll;
    private bool _output;

    /// <summary>The ELCR bits of these eight inputs.</summary>
    public byte EdgeLevel
    {
        get => _levelTriggered;
        set
        {
            _levelTriggered = value;
            _request = (byte)((_request & ~value) | (_inputs & LevelMask));
            Update();
        }
    }

    private bool AutoEoi => (_icw4 & 0x02) != 0;

    private byte LevelMask => (_icw1 & 0x08) != 0 ? (byte)0xff : (byte)(_levelTriggered | alwaysLevel);

    /// <summary>Drives one input.</summary>
    public void SetInput(int input, bool level)
    {
        byte bit = (byte)(1 << input);
        bool rose = level && (_inputs & bit) == 0;
        _inputs = (byte)(level ? _inputs | bit : _inputs & ~bit);
        if (!level)
        {
            // Data sheet, "Interrupt Request Register": an input that falls before the acknowledge leaves the default IR7.
            _request &= (byte)~bit;
        }
        else if (rose || (LevelMask & bit) != 0)
        {
            _request |= bit;
        }

        Update();
    }

    /// <summary>The interrupt acknowledge cycle. Returns the input number, or -1 for the default IR7, which sets no in-service bit.</summary>
    public int Acknowledge()
    {
        int input = HighestRequest();
        if (input >= 0)
        {
            byte bit = (byte)(1 << input);
            if ((LevelMask & bit) == 0)
            {
                _request &= (byte)~bit;
            }

            if (!AutoEoi)
            {
                _inService |= bit;
            }
            else if (_rotateOnAutoEoi)
            {
                _lowestPriority = (byte)input;
            }
        }

        Update();
        return input;
    }

    /// <summary>The vector of an input: ICW2's five high bits and the input number.</summary>
    public byte Vector(int input) => (byte)(_vectorBase | input);

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (_poll)
        {
            _poll = false;
            int input = Acknowledge();
            return input < 0 ? 7u : 0x80u | (uint)input;
        }

        return (offset & 1) != 0 ? _mask : _readInService ? _inService : _request;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        byte data = (byte)value;
        if ((offset & 1) == 0)
        {
            WriteCommand(data);
        }
        else
        {
            WriteData(data);
        }

        Update();
    }

    /// <summary>Power-on state. The data sheet leaves it undefined until ICW1; all inputs are masked here so that nothing is delivered.</summary>
    public void Reset()
    {
        _request = _inService = _vectorBase = _icw1 = _icw3 = _icw4 = _expectedIcw = _levelTriggered = 0;
        _mask = 0xff;
        _lowestPriority = 7;
        _rotateOnAutoEoi = _specialMask = _readInService = _poll = false;
        Update();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("irr", ref _request);
        state.Field("imr", ref _mask);
        state.Field("isr", ref _inService);
        state.Field("inputs", ref _inputs);
        state.Field("elcr", ref _levelTriggered);
        state.Field("base", ref _vectorBase);
        state.Field("icw1", ref _icw1);
        state.Field("icw3", ref _icw3);
        state.Field("icw4", ref _icw4);
        state.Field("expected", ref _expectedIcw);
        state.Field("lowest", ref _lowestPriority);
        state.Field("rotateAeoi", ref _rotateOnAutoEoi);
        state.Field("specialMask", ref _specialMask);
        state.Field("readIsr", ref _readInService);
        state.Field("poll", ref _poll);
        state.Field("output", ref _output);
    }

    private void WriteCommand(byte data)
    {
        if ((data & 0x10) != 0)
        {
            // ICW1 also clears the edge sense: an edge-triggered input must rise again.
            _icw1 = data;
            _icw4 = 0;
            _mask = 0;
            _inService = 0;
            _request = (byte)(_inputs & LevelMask);
            _lowestPriority = 7;
            _rotateOnAutoEoi = _specialMask = _readInService = _poll = false;
            _expectedIcw = 2;
            return;
        }

        if ((data & 0x08) != 0)
        {
            WriteOcw3(data);
        }
        else
        {
            WriteOcw2(data);
        }
    }

    private void WriteData(byte data)
    {
        switch (_expectedIcw)
        {
            case 2:
                _vectorBase = (byte)(data & 0xf8);
                _expectedIcw = (_icw1 & 0x02) == 0 ? (byte)3 : (_icw1 & 0x01) != 0 ? (byte)4 : (byte)0;
                break;
            case 3:
                _icw3 = data;
                _expectedIcw = (_icw1 & 0x01) != 0 ? (byte)4 : (byte)0;
                break;
            case 4:
                _icw4 = data;
                _expectedIcw = 0;
                break;
            default:
                _mask = data;
                break;
        }
    }

    private void WriteOcw2(byte data)
    {
        int level = data & 7;
        int highest = HighestInService();
        switch (data >> 5)
        {
            case 0: // rotate in automatic EOI mode, clear
            case 4: // rotate in automatic EOI mode, set
                _rotateOnAutoEoi = (data & 0x80) != 0;
                break;
            case 1: // non-specific EOI
            case 5: // rotate on non-specific EOI
                if (highest >= 0)
                {
                    _inService &= (byte)~(1 << highest);
                    if ((data & 0x80) != 0)
                    {
                        _lowestPriority = (byte)highest;
                    }
                }

                break;
            case 3: // specific EOI
                _inService &= (byte)~(1 << level);
                break;
            case 6: // set priority
                _lowestPriority = (byte)level;
                break;
            case 7: // rotate on specific EOI
                _inService &= (byte)~(1 << level);
                _lowestPriority = (byte)level;
                break;
            default: // 2: no operation
                break;
        }
    }

    private void WriteOcw3(byte data)
    {
        if ((data & 0x40) != 0)
        {
            _specialMask = (data & 0x20) != 0;
        }

        _poll = (data & 0x04) != 0;
        if (!_poll && (data & 0x02) != 0)
        {
            _readInService = (data & 0x01) != 0;
        }
    }

    // The in-service bit of highest priority. In special mask mode a masked one does not count (data sheet, "Special Mask Mode").
    private int HighestInService()
    {
        int serviced = _specialMask ? _inService & ~_mask : _inService;
        return Highest(serviced);
    }

    private int HighestRequest()
    {
        int input = Highest(_request & ~_mask);
        if (input < 0)
        {
            return -1;
        }

        int blocking = _specialMask ? _inService & ~_mask : _inService;
        // Special fully nested mode (ICW4 bit 4): the slave in service may interrupt again through its own input.
        if ((_icw4 & 0x10) != 0)
        {
            blocking &= ~alwaysLevel;
        }

        int serviced = Highest(blocking);
        return serviced < 0 || Priority(input) < Priority(serviced) ? input : -1;
    }

    private int Highest(int bits)
    {
        for (int i = 1; i <= 8; i++)
        {
            int input = (_lowestPriority + i) & 7;
            if ((bits & (1 << input)) != 0)
            {
                return input;
            }
        }

        return -1;
    }

    private int Priority(int input) => (input - _lowestPriority - 1) & 7;

    private void Update()
    {
        bool level = HighestRequest() >= 0;
        if (level != _output)
        {
            _output = level;
            outputChanged(level);
        }
    }
}

using Firmament.Core.Interrupts;
using Firmament.Core.State;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The 32 general purpose port pins: direction, polarity, value, and interrupt cause with two masks. Groups of eight pins
/// raise one main cause bit each: mask 0 those of CPU 0 (bits 56–59), mask 1 those of CPU 1 (bits 24–27).
/// </summary>
internal sealed class Mv64361Gpp : IStateful
{
    /// <summary>GPP12 to GPP15: the PCI interrupt pins of the board.</summary>
    private const uint PciPins = 0xf000;

    private readonly Mv64361Interrupts _interrupts;
    private readonly InterruptLine[] _inputs = new InterruptLine[32];
    private uint _outputEnable;
    private uint _activeLow;
    private uint _outputs;
    private uint _pins;
    private uint _edgeCause;
    private uint _mask0;
    private uint _mask1;
    private bool _levelMode;

    public Mv64361Gpp(Mv64361Interrupts interrupts)
    {
        _interrupts = interrupts;
        for (int pin = 0; pin < 32; pin++)
        {
            uint bit = 1u << pin;
            _inputs[pin] = new InterruptLine($"gpp{pin}", level => SetPin(bit, level));
        }
    }

    /// <summary>0xf100; 1 = output.</summary>
    public uint OutputEnable
    {
        get => _outputEnable;
        set => Change(() => _outputEnable = value);
    }

    /// <summary>0xf110; 1 = active low.</summary>
    public uint ActiveLow
    {
        get => _activeLow;
        set => Change(() => _activeLow = value);
    }

    /// <summary>
    /// 0xf104: outputs as driven, inputs as active or not.
    /// Quirk: the PCI interrupt wires here are "asserted", not "high". Software that knows the board sets their polarity to active low; software
    /// that does not leaves the reset value. An asserted wire reads 1 either way.
    /// </summary>
    public uint Value => (_outputs & _outputEnable) | ((_pins ^ (_activeLow & ~PciPins)) & ~_outputEnable);

    /// <summary>0xf108: in level mode the active inputs, in edge mode those that became active.</summary>
    public uint Cause => _levelMode ? Value & ~_outputEnable : _edgeCause;

    /// <summary>0xf10c.</summary>
    public uint Mask0
    {
        get => _mask0;
        set => Change(() => _mask0 = value);
    }

    /// <summary>0xf114.</summary>
    public uint Mask1
    {
        get => _mask1;
        set => Change(() => _mask1 = value);
    }

    /// <summary>0xf300 bit 10.</summary>
    public bool LevelMode
    {
        get => _levelMode;
        set => Change(() => _levelMode = value);
    }

    public InterruptLine Input(int pin) => _inputs[pin];

    public void WriteValue(uint value) => _outputs = value;

    public void SetValue(uint bits) => _outputs |= bits;

    public void ClearValue(uint bits) => _outputs &= ~bits;

    /// <summary>Edge mode: zeroes clear.</summary>
    public void ClearCause(uint keep) => Change(() => _edgeCause &= keep);

    /// <summary>Power-on values. Pins keep the level their drivers give them.</summary>
    public void Reset()
    {
        _outputEnable = _activeLow = _outputs = _edgeCause = _mask0 = _mask1 = 0;
        _levelMode = false;
        Update();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("outputEnable", ref _outputEnable);
        state.Field("activeLow", ref _activeLow);
        state.Field("outputs", ref _outputs);
        state.Field("pins", ref _pins);
        state.Field("edgeCause", ref _edgeCause);
        state.Field("mask0", ref _mask0);
        state.Field("mask1", ref _mask1);
        state.Field("levelMode", ref _levelMode);
    }

    private void SetPin(uint bit, bool level) => Change(() => _pins = level ? _pins | bit : _pins & ~bit);

    private void Change(Action change)
    {
        uint before = Value & ~_outputEnable;
        change();
        _edgeCause |= Value & ~_outputEnable & ~before;
        Update();
    }

    private void Update()
    {
        uint cause = Cause;
        for (int group = 0; group < 4; group++)
        {
            uint pins = 0xffu << (8 * group);
            _interrupts.SetCause(Mv64361Interrupts.Gpp0OfCpu0 + group, (cause & _mask0 & pins) != 0);
            _interrupts.SetCause(Mv64361Interrupts.Gpp0OfCpu1 + group, (cause & _mask1 & pins) != 0);
        }
    }
}

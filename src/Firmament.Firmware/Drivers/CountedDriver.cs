using Firmament.Core.State;

namespace Firmament.Firmware.Drivers;

/// <summary>What all drivers share: starts are counted, and only the first and the last one touch the device.</summary>
public abstract class CountedDriver : IStateful
{
    private int _starts;
    private bool _isRunning;

    /// <summary>True while the device is set up.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Sets the device up, unless it is. False, with nothing changed, when it cannot be.</summary>
    public bool TryStart()
    {
        if (!_isRunning)
        {
            _isRunning = TryStartDevice();
            if (!_isRunning)
            {
                StopDevice();
                return false;
            }
        }

        _starts++;
        return true;
    }

    /// <summary>Undoes one <see cref="TryStart"/>; more of them than there were starts do nothing.</summary>
    public void Stop()
    {
        if (_starts > 0 && --_starts == 0)
        {
            Rest();
        }
    }

    /// <summary>Undoes every <see cref="TryStart"/>.</summary>
    public void Quiesce()
    {
        if (_starts > 0)
        {
            _starts = 0;
            Rest();
        }
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Field("starts", ref _starts);
        state.Field("running", ref _isRunning);
    }

    /// <summary>Sets the device up. <see cref="StopDevice"/> follows when it returns false.</summary>
    protected abstract bool TryStartDevice();

    /// <summary>Puts the device to rest from whatever state it is in, and gives back what was claimed for it.</summary>
    protected abstract void StopDevice();

    /// <summary>Sets the device up anew, after it broke: what it may still be doing must not reach memory that others use.</summary>
    protected void Restart()
    {
        StopDevice();
        _isRunning = TryStartDevice();
        if (!_isRunning)
        {
            StopDevice();
        }
    }

    private void Rest()
    {
        if (_isRunning)
        {
            _isRunning = false;
            StopDevice();
        }
    }
}

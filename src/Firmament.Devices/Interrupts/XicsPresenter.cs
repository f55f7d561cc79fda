using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The interrupt control presenter (ICP) of one server: holds at most one interrupt, the most favoured. Lower numbers are more favoured.
/// Source: LoPAPR 1.1 chapter 14.
/// </summary>
/// <param name="server">Its server number.</param>
/// <param name="sources">Takes back what is rejected.</param>
/// <param name="output">Drives the CPU's external interrupt input.</param>
internal sealed class XicsPresenter(int server, XicsSources sources, Action<bool> output) : IStateful
{
    /// <summary>XISR of an inter-processor interrupt, which the presenter makes itself from MFRR.</summary>
    public const int InterProcessor = 2;

    /// <summary>The priority that nothing is as unfavoured as: masked, or no request.</summary>
    public const byte LeastFavoured = 0xff;

    private const uint SourceMask = 0x00ffffff;

    private byte _currentPriority;
    private byte _pendingPriority = LeastFavoured;
    private byte _requestPriority = LeastFavoured;
    private int _source;

    /// <summary>XIRR: CPPR in bits 0:7, XISR in bits 8:31.</summary>
    public uint Xirr => ((uint)_currentPriority << 24) | (uint)_source;

    /// <summary>MFRR, the most favoured request that other CPUs made.</summary>
    public byte RequestPriority => _requestPriority;

    private bool Holds => _source != 0;

    /// <summary>The accept cycle: XIRR as it was; the interrupt's priority becomes current and the line falls.</summary>
    public uint Accept()
    {
        uint xirr = Xirr;
        if (Holds)
        {
            _currentPriority = _pendingPriority;
        }

        Drop();
        return xirr;
    }

    /// <summary>The CPU is done with an interrupt: CPPR becomes that of <paramref name="xirr"/>, and its source may present again.</summary>
    /// <remarks>Not modelled: rejection when this favours CPPR more than before; LoPAPR calls that a program's error.</remarks>
    public void EndOfInterrupt(uint xirr)
    {
        _currentPriority = (byte)(xirr >> 24);
        sources.EndOfInterrupt((int)(xirr & SourceMask));
        if (!Holds)
        {
            Resend();
        }
    }

    /// <summary>Sets CPPR. More favoured than what is held: that goes back to its source. Less favoured: sources try again.</summary>
    public void SetCurrentPriority(byte priority)
    {
        byte old = _currentPriority;
        _currentPriority = priority;
        if (priority >= old)
        {
            if (!Holds)
            {
                Resend();
            }
        }
        else if (Holds && priority <= _pendingPriority)
        {
            int rejected = _source;
            Drop();
            sources.Reject(rejected);
        }
    }

    /// <summary>Sets MFRR: an inter-processor interrupt when it is more favoured than CPPR.</summary>
    public void SetRequestPriority(byte priority)
    {
        _requestPriority = priority;
        PresentRequest();
    }

    /// <summary>A source presents; it may be rejected at once.</summary>
    public void Present(int source, byte priority)
    {
        if (priority >= _currentPriority || (Holds && _pendingPriority <= priority))
        {
            sources.Reject(source);
            return;
        }

        Hold(source, priority);
    }

    /// <summary>Power-on state: CPPR 0 lets nothing through.</summary>
    public void Reset()
    {
        _currentPriority = 0;
        _requestPriority = LeastFavoured;
        Drop();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("cppr", ref _currentPriority);
        state.Field("pending", ref _pendingPriority);
        state.Field("mfrr", ref _requestPriority);
        state.Field("xisr", ref _source);
    }

    private void Resend()
    {
        PresentRequest();
        sources.Resend(server);
    }

    private void PresentRequest()
    {
        if (_requestPriority < _currentPriority && !(Holds && _pendingPriority <= _requestPriority))
        {
            Hold(InterProcessor, _requestPriority);
        }
    }

    private void Hold(int source, byte priority)
    {
        int displaced = _source;
        _source = source;
        _pendingPriority = priority;
        output(true);
        if (displaced != 0)
        {
            sources.Reject(displaced);
        }
    }

    private void Drop()
    {
        _source = 0;
        _pendingPriority = LeastFavoured;
        output(false);
    }
}

using Firmament.Core.State;
using Firmament.PowerPC;

namespace Firmament.Machines.Booting;

/// <summary>A client that entered the user interface, as it is to go on. What a call of the client interface may change (CR, CTR, XER) is not kept.</summary>
internal sealed class ClientContext : IStateful
{
    private readonly ulong[] _gprs = new ulong[32];
    private ulong _pc;
    private ulong _msr;
    private ulong _lr;
    private bool _isKept;

    /// <summary>True when there is a client to go on with.</summary>
    public bool IsKept => _isKept;

    /// <summary>Keeps the registers of a client.</summary>
    public void Keep(IProcessor processor)
    {
        for (int i = 0; i < _gprs.Length; i++)
        {
            _gprs[i] = processor.ReadGpr(i);
        }

        (_pc, _msr, _lr, _isKept) = (processor.Pc, processor.Msr, processor.Lr, true);
    }

    /// <summary>Forgets the client.</summary>
    public void Drop() => _isKept = false;

    /// <summary>Gives the CPU back to the client.</summary>
    public void Resume(IProcessor processor)
    {
        for (int i = 0; i < _gprs.Length; i++)
        {
            processor.WriteGpr(i, _gprs[i]);
        }

        (processor.Lr, processor.Msr, processor.Pc) = (_lr, _msr, _pc);
        _isKept = false;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (ref ulong register in _gprs.AsSpan())
        {
            state.Field("gpr", ref register);
        }

        state.Field("pc", ref _pc);
        state.Field("msr", ref _msr);
        state.Field("lr", ref _lr);
        state.Field("kept", ref _isKept);
    }
}

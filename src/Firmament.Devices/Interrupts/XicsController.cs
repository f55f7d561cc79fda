using Firmament.Core.Hypercalls;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.DeviceTree;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// XICS, the PowerPC External Interrupt controller as PAPR virtualizes it: a presenter (ICP) for each CPU, reached by hypercalls, and a
/// source layer (ICS), reached by RTAS. Source: LoPAPR 1.1 chapter 14, 7.3.10.
/// </summary>
/// <remarks>
/// An event that is masked or rejected is never lost: a message is remembered, a level is presented again while it is asserted.
/// Not modelled: server groups (a global queue is one server), and the timestamp's change at presentation.
/// </remarks>
/// <example><code>
/// xics.SetXive(0x1200, server: 1, priority: 5);   // ibm,set-xive
/// uint xirr = xics.Accept(1);                     // H_XIRR of CPU 1
/// xics.EndOfInterrupt(1, xirr);                   // H_EOI
/// </code></example>
public sealed class XicsController : IStateful
{
    private const uint SourceMask = 0x00ffffff;

    private readonly Tracer _tracer;
    private readonly XicsSources _sources;
    private readonly XicsPresenter[] _presenters;

    internal XicsController(int servers, PseriesSourceTable table, Func<int, Action<bool>> output, Tracer tracer)
    {
        _tracer = tracer;
        _sources = new XicsSources(table);
        _presenters = new XicsPresenter[servers];
        for (int server = 0; server < servers; server++)
        {
            _presenters[server] = new XicsPresenter(server, _sources, output(server));
        }

        _sources.Connect(_presenters);
    }

    /// <summary>The unit name of its node, a child of the root.</summary>
    public static string NodeName => "interrupt-controller";

    /// <summary>How many servers (CPUs) there are.</summary>
    public int Servers => _presenters.Length;

    /// <summary>H_XIRR: the accept cycle of a CPU.</summary>
    /// <param name="cpu">0 to <see cref="Servers"/> − 1.</param>
    /// <returns>CPPR before in bits 0:7, the source in 8:31; 0 = spurious, 2 = from another CPU.</returns>
    public uint Accept(int cpu) => _presenters[cpu].Accept();

    /// <summary>H_EOI.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER when no source can have this number, after CPPR was set all the same.</returns>
    public long EndOfInterrupt(int cpu, uint xirr)
    {
        _presenters[cpu].EndOfInterrupt(xirr);
        uint source = xirr & SourceMask;
        if (source is XicsPresenter.InterProcessor or (>= PseriesInterruptNumbers.FirstExternal and < PseriesInterruptNumbers.Count))
        {
            return PaprStatus.Success;
        }

        _tracer.GuestError("xics", $"end of interrupt for 0x{source:x}, which is no source");
        return PaprStatus.Parameter;
    }

    /// <summary>H_CPPR: sets the current priority of a CPU, 0 to 0xff.</summary>
    public void SetCurrentPriority(int cpu, byte priority) => _presenters[cpu].SetCurrentPriority(priority);

    /// <summary>H_IPI: sets the most favoured request of a server.</summary>
    /// <returns>H_SUCCESS, or H_PARAMETER for a server that does not exist.</returns>
    public long SetRequestPriority(ulong server, byte priority)
    {
        if (server >= (ulong)_presenters.Length)
        {
            return PaprStatus.Parameter;
        }

        _presenters[server].SetRequestPriority(priority);
        return PaprStatus.Success;
    }

    /// <summary>H_IPOLL: XIRR and MFRR of a server, with no effect.</summary>
    /// <returns>H_SUCCESS, or H_PARAMETER for a server that does not exist.</returns>
    public long Poll(ulong server, out uint xirr, out byte mfrr)
    {
        bool exists = server < (ulong)_presenters.Length;
        xirr = exists ? _presenters[server].Xirr : 0;
        mfrr = exists ? _presenters[server].RequestPriority : (byte)0;
        return exists ? PaprStatus.Success : PaprStatus.Parameter;
    }

    /// <summary>ibm,set-xive: server and priority of a source. False when a number is out of range or there is no such source.</summary>
    public bool SetXive(uint source, uint server, uint priority)
    {
        if (!Check(source) || server >= (uint)_presenters.Length || priority > XicsPresenter.LeastFavoured)
        {
            return false;
        }

        _sources.Configure((int)source, (int)server, (byte)priority);
        return true;
    }

    /// <summary>ibm,get-xive. False when there is no such source.</summary>
    public bool GetXive(uint source, out uint server, out uint priority)
    {
        bool exists = Check(source);
        server = exists ? (uint)_sources.Server((int)source) : 0;
        priority = exists ? _sources.Priority((int)source) : 0u;
        return exists;
    }

    /// <summary>ibm,int-off: masks a source and keeps its priority. False when there is no such source.</summary>
    public bool Disable(uint source)
    {
        if (!Check(source))
        {
            return false;
        }

        _sources.Disable((int)source);
        return true;
    }

    /// <summary>ibm,int-on: gives a source the priority kept. False when there is no such source.</summary>
    public bool Enable(uint source)
    {
        if (!Check(source))
        {
            return false;
        }

        _sources.Enable((int)source);
        return true;
    }

    /// <summary>Writes the properties of the presentation controller's node. LoPAPR 1.1 appendix B.</summary>
    /// <param name="node">The node <see cref="NodeName"/>.</param>
    /// <param name="servers">CPUs, those that may be added included.</param>
    public static void Describe(DeviceNode node, int servers) => node
        .SetString("device_type", "PowerPC-External-Interrupt-Presentation")
        .SetString("compatible", "IBM,ppc-xicp")
        .SetCells("ibm,interrupt-server-ranges", 0, (uint)servers)
        .SetEmpty("interrupt-controller")
        .SetCells("#interrupt-cells", 2);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("sources", _sources);
        for (int i = 0; i < _presenters.Length; i++)
        {
            state.Component($"presenter{i}", _presenters[i]);
        }
    }

    internal void Trigger(int number) => _sources.Trigger(number);

    internal void LevelChanged(int number) => _sources.LevelChanged(number);

    internal void ResetSource(int number) => _sources.Reset(number);

    /// <summary>Power-on state: every source off, every presenter closed, all outputs low. Levels still asserted wait.</summary>
    internal void Reset()
    {
        foreach (XicsPresenter presenter in _presenters)
        {
            presenter.Reset();
        }

        for (int number = PseriesInterruptNumbers.FirstExternal; number < PseriesInterruptNumbers.Count; number++)
        {
            _sources.Reset(number);
        }
    }

    private bool Check(uint source)
    {
        if (_sources.Exists(source))
        {
            return true;
        }

        _tracer.GuestError("xics", $"0x{source:x} is no interrupt source");
        return false;
    }
}

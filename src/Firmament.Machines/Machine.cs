using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;

namespace Firmament.Machines;

/// <summary>
/// A machine's memory, clock and run loop: everything that does not depend on the board. Runs on the caller's thread.
/// </summary>
/// <remarks>
/// Between slices the loop honours stop requests, delivers journalled input, and acts on what the guest asked of the machine
/// (power-off, reset, exit). A slice ends at the earliest deadline, so timers fire at exact instruction counts; while the CPU
/// idles the clock jumps. Nothing but the input decides what happens: same input, same bytes, same <see cref="StateHash"/>.
/// </remarks>
internal abstract partial class Machine : IMachine, IStateful
{
    /// <summary>Instructions between two looks at the journal: about 3 ms of the interpreter.</summary>
    private const long MostInSlice = 1_000_000;

    /// <summary>Instructions a CPU runs before the next one has its turn: what an interrupt from one to another may wait.</summary>
    private const long MostInTurn = 20_000;

    // 16 instructions a nanosecond: more than any host executes.
    private const int HostTimeShift = 4;

    private readonly HostPacer? _pacer;
    private readonly IHostClock? _hostClock;
    private readonly IMachineWatcher? _watcher;
    private readonly bool _noReboot;
    private volatile bool _stopRequested;
    private volatile bool _hostIsWaiting;
    private StopResult? _guestRequest;
    private StopResult? _ended;
    private long _instructions;
    private int _runningThread;

    /// <summary>
    /// Log2 of the instructions that move the clock on by a nanosecond. With --time host few enough that the clock stays behind the host's, which
    /// moves it on between slices: no CPU is held back, and what a guest measures is the host's time.
    /// </summary>
    protected int TimeShift => _pacer != null ? HostTimeShift : 0;

    /// <summary>Makes memory, clock, tracer and journal.</summary>
    protected Machine(MachineConfiguration configuration, HostServices services)
    {
        int ports = MachineKind.Find(configuration.Machine)?.MostSerialPorts ?? int.MaxValue;
        if (configuration.Serial.Count > ports || services.SerialPorts.Count > ports)
        {
            throw new UserErrorException(ports == 1
                ? $"{configuration.Machine} has one serial port; give --serial once."
                : $"{configuration.Machine} has {ports} serial ports at most; give --serial less often.");
        }

        Configuration = configuration;
        Services = services;
        _noReboot = configuration.NoReboot;
        _hostClock = services.Clock;
        _watcher = services.Watcher;
        _pacer = configuration.TimeMode == TimeMode.Host && services.Clock != null ? new HostPacer(services.Clock) : null;
        Tracer = new Tracer { Enabled = configuration.Trace, Sink = services.TraceSink, Clock = () => Clock.Now };
        Ram = new GuestMemory(configuration.MemoryBytes);
        Map = new MemoryMap(Ram, Tracer) { RegionAccessed = EndSliceWhenStopped };
        Journal.Posted = () => _hostClock?.Wake();
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>How the run ended for good; null while it can go on.</summary>
    public StopResult? Ended => _ended;

    /// <summary>RAM.</summary>
    public GuestMemory Ram { get; }

    /// <summary>The CPU's address space.</summary>
    public MemoryMap Map { get; }

    /// <summary>The virtual clock.</summary>
    public Scheduler Clock { get; } = new();

    /// <summary>Traces.</summary>
    public Tracer Tracer { get; }

    /// <summary>The one door for input.</summary>
    public InputJournal Journal { get; } = new();

    /// <summary>The CPUs, by index; at least one.</summary>
    public abstract IReadOnlyList<IMachineProcessor> Processors { get; }

    /// <summary>The CPU that boots.</summary>
    public IMachineProcessor Processor => Processors[0];

    /// <inheritdoc/>
    public virtual MachineStatistics Statistics => new(_instructions, Clock.Now.Nanoseconds, 0, 0, 0, Tracer.GuestErrorCount);

    /// <inheritdoc/>
    public PowerPC.EngineStatistics EngineStatistics =>
        Processors.Aggregate(default(PowerPC.EngineStatistics), static (sum, processor) => sum + processor.EngineStatistics);

    /// <summary>What the firmware of the present boot can drive; null before the first, and where the client gets no Open Firmware.</summary>
    internal virtual FirmwareDevices? FirmwareDevices => null;

    /// <summary>What was asked for.</summary>
    protected MachineConfiguration Configuration { get; }

    /// <summary>What this machine offers.</summary>
    protected MachineKind Kind => MachineKind.Find(Name)!;

    /// <summary>What the host gave.</summary>
    protected HostServices Services { get; }

    /// <inheritdoc/>
    public StopResult RunUntilStopped() => Run(VirtualTime.Never)!.Value;

    /// <summary>Runs until something ends the run or the clock reaches <paramref name="limit"/>; null in the latter case.</summary>
    public StopResult? Run(VirtualTime limit)
    {
        _runningThread = Environment.CurrentManagedThreadId;
        _pacer?.Start(Clock.Now);
        while (true)
        {
            if (_ended is { } ended)
            {
                return ended;
            }

            if (_stopRequested)
            {
                _stopRequested = false;
                _hostIsWaiting = false;
                return new StopResult(StopReason.Stopped);
            }

            TakeInput();
            if (Clock.Now >= limit)
            {
                return null;
            }

            RunSlice(limit);
            if (_guestRequest is { } request)
            {
                _guestRequest = null;
                Obey(request);
            }
        }
    }

    /// <inheritdoc/>
    public void RequestStop()
    {
        _stopRequested = true;
        if (Environment.CurrentManagedThreadId == _runningThread)
        {
            // The CPU's state is its thread's alone; another thread waits for the end of the slice, or for EndSliceWhenStopped.
            StopProcessors();
        }
        else
        {
            _hostIsWaiting = true;
        }

        _hostClock?.Wake();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _ended = null;
        _guestRequest = null;
        EndRest();
        ResetWithoutBoot();
        Boot();
    }

    /// <summary>The tree that a client program would get; nothing is started.</summary>
    public abstract DeviceTree.DeviceTree DescribeBoot();

    /// <summary>Power-on as the board's firmware leaves it, with nothing loaded.</summary>
    internal void ResetWithoutBoot()
    {
        Ram.Clear();
        foreach (IMachineProcessor processor in Processors)
        {
            processor.Reset();
        }

        ResetBoard();
    }

    /// <inheritdoc/>
    public abstract InputChannel? ConsoleInput(int port);

    /// <inheritdoc/>
    public virtual InputChannel? CharacterInput(string id) => null;

    /// <inheritdoc/>
    public virtual byte[]? ScreenDump() => null;

    /// <inheritdoc/>
    public abstract void SendBreak(int port);

    /// <inheritdoc/>
    public virtual bool TryInterruptAll() => false;

    /// <inheritdoc/>
    public string StateHash()
    {
        HashVisitor hash = new();
        hash.Component(Name, this);
        return hash.Result;
    }

    /// <summary>Saves the whole state; not what disks and the host's side hold, and not while it runs.</summary>
    public void Save(Stream stream)
    {
        SaveVisitor save = new(stream);
        save.Component(Name, this);
        save.Complete();
    }

    /// <summary>Goes back to a state that a machine of the same configuration saved. Not while it runs.</summary>
    /// <exception cref="StateFormatException">The state is damaged or another machine's; reset this machine before it runs again.</exception>
    public void Load(Stream stream)
    {
        _guestRequest = null;
        LoadVisitor load = new(stream);
        load.Component(Name, this);
        load.Complete();
    }

    /// <inheritdoc/>
    public string RegistersText() => Processors.Count == 1
        ? Processor.StateText()
        : string.Join('\n', Processors.Select(static processor => $"CPU#{processor.Index}\n{processor.StateText()}"));

    /// <inheritdoc/>
    public virtual string? InfoText(string topic) => topic == "mtree" ? MemoryTreeText() : null;

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Component("clock", Clock);
        state.Field("instructions", ref _instructions);
        VisitRest(state);
        VisitEnd(state);
        state.Component("memory", Ram);
        for (int i = 0; i < Processors.Count; i++)
        {
            state.Component(i == 0 ? "cpu" : $"cpu{i}", Processors[i]);
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        // The first CPU last: the others share its decoded code.
        for (int i = Processors.Count - 1; i >= 0; i--)
        {
            Processors[i].Dispose();
        }

        Ram.Dispose();
    }

    /// <summary>Puts every device to power-on, then writes what board firmware leaves in the registers.</summary>
    protected abstract void ResetBoard();

    /// <summary>Loads the images, builds the tree, and points the CPU at the client program.</summary>
    protected abstract void Boot();

    /// <summary>Ends the slice after the current instruction, then ends the run or resets the machine. For the firmware's use.</summary>
    protected void AskFor(StopResult request)
    {
        // The first request of a slice counts: nothing the guest does after its power-off call can undo it.
        _guestRequest ??= request;
        StopProcessors();
    }

    /// <summary>Index of the CPU whose turn it is, or was last.</summary>
    protected int RunningProcessor { get; private set; }

    /// <summary>Called before a CPU's turn.</summary>
    protected virtual void TurnBegins(int index)
    {
    }

    /// <summary>Called after it.</summary>
    protected virtual void TurnEnds(int index)
    {
    }

    /// <summary>True while an external interrupt waits for the CPU.</summary>
    protected abstract bool InterruptPending { get; }

    /// <summary>
    /// Ends the slice when another thread asked for a stop. Called wherever the guest waits for the host, where a slice can take a second and not some
    /// milliseconds: at each access to a device and each call of the firmware.
    /// </summary>
    internal void EndSliceWhenStopped()
    {
        if (_stopRequested)
        {
            StopProcessors();
        }
    }

    private void VisitEnd(StateVisitor state)
    {
        int reason = _ended is { } ended ? (int)ended.Reason : -1;
        int exitCode = _ended?.ExitCode ?? 0;
        string message = _ended?.Message ?? "";
        state.Field("ended", ref reason);
        state.Field("exitCode", ref exitCode);
        state.Text("message", ref message);
        if (state.IsLoading)
        {
            _ended = reason < 0 ? null : new StopResult((StopReason)reason, exitCode, message.Length == 0 ? null : message);
        }
    }

    private void Obey(StopResult request)
    {
        if (request.Reason == StopReason.Reset && !_noReboot)
        {
            Reset();
        }
        else
        {
            _ended = request;
        }
    }

    private void RunSlice(VirtualTime limit)
    {
        VirtualTime now = Clock.Now;
        VirtualTime end = Earlier(Clock.NextDeadline, limit);
        if (end <= now)
        {
            Clock.AdvanceTo(now);
            return;
        }

        if (StaysAtRest(now, limit))
        {
            return;
        }

        bool idle = RunProcessors(limit);
        if (Processors.FirstOrDefault(static processor => processor.Failure != null) is { } failed)
        {
            AskFor(new StopResult(StopReason.Error, 0, failed.Failure));
        }
        else if (idle && _guestRequest == null && !_stopRequested && !Journal.HasPending)
        {
            SkipIdleTime(limit);
        }
        else
        {
            FollowHost();
        }
    }

    /// <summary>
    /// Gives each CPU its turn, one after the other, and the clock goes on with each: the time base that one CPU reads is never behind what another has read
    /// before it, which operating systems rely on. True when all of them wait.
    /// </summary>
    private bool RunProcessors(VirtualTime limit)
    {
        long most = Processors.Count == 1 ? MostInSlice : MostInTurn;
        for (int i = 0; i < Processors.Count; i++)
        {
            VirtualTime now = Clock.Now;
            VirtualTime end = Earlier(Earlier(Clock.NextDeadline, limit), NextDecrementer(now));
            if (end <= now)
            {
                return false;
            }

            RunningProcessor = i;
            TurnBegins(i);
            long retired = Processors[i].Run(Watched(i, Math.Min((end - now).Nanoseconds, most >> TimeShift) << TimeShift));
            TurnEnds(i);
            _instructions += retired;
            // Not from `now`: a firmware call may have waited, and the clock with it.
            Clock.AdvanceTo(Clock.Now + new VirtualTime(retired >> TimeShift));
            _watcher?.TurnEnded(new MachineTurn(this, Processors[i], Processors.Count, Ram, now, Clock.Now, retired));
            if (_guestRequest != null)
            {
                return false;
            }
        }

        // Only now: a CPU whose turn is over may have been sent an interrupt by a later one.
        return Processors.All(static processor => processor.IsIdle);
    }

    /// <summary>A turn's most instructions, so that a watcher can look where it wants to. Only a lone CPU's turn may be cut: no other one sees it.</summary>
    private long Watched(int index, long most) => _watcher == null || Processors.Count > 1
        ? most
        : Math.Max(1L << TimeShift, Math.Min(most, _watcher.UntilLook(index) >> TimeShift << TimeShift));

    /// <summary>A decrementer that already waits for MSR[EE] must not shorten a slice to nothing.</summary>
    private VirtualTime NextDecrementer(VirtualTime now)
    {
        VirtualTime next = VirtualTime.Never;
        foreach (IMachineProcessor processor in Processors)
        {
            if (processor.NextDeadline > now)
            {
                next = Earlier(next, processor.NextDeadline);
            }
        }

        return next;
    }

    /// <summary>Ends every CPU's slice after the instruction at work.</summary>
    protected void StopProcessors()
    {
        foreach (IMachineProcessor processor in Processors)
        {
            processor.RequestStop();
        }
    }

    private static VirtualTime Earlier(VirtualTime left, VirtualTime right) => left < right ? left : right;

    private string MemoryTreeText()
    {
        System.Text.StringBuilder text = new();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{0:x16}-{Ram.Size - 1:x16} ram\n");
        foreach (MemoryRegion region in Map.Regions.OrderBy(static region => region.Start))
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{region.Start:x16}-{region.Start + region.Length - 1:x16} {region.Name} (priority {region.Priority})\n");
        }

        return text.ToString();
    }
}

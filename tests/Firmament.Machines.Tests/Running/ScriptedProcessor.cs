using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Running;

/// <summary>
/// A CPU whose program is a list of actions at instruction numbers: enough to drive the run loop to each of its edges at exact times.
/// </summary>
internal sealed class ScriptedProcessor(Scheduler clock) : IMachineProcessor
{
    private readonly SortedDictionary<long, Action> _program = [];
    private readonly ulong[] _gpr = new ulong[32];
    private long _inRun;
    private long _stop;
    private ulong _executed;

    public List<long> Slices { get; } = [];

    public bool InterruptLevel { get; private set; }

    public bool IsIdle { get; set; }

    public VirtualTime NextDeadline { get; set; } = VirtualTime.Never;

    public uint Version => 0x8000_0102;

    public ISystemCallInterceptor? Interceptor { get; set; }

    public EngineStatistics EngineStatistics => default;

    public string? Failure { get; set; }

    public int Resets { get; private set; }

    public long Executed => (long)_executed;

    public ulong Pc { get; set; }

    public ulong Msr { get; set; }

    public ulong Lr { get; set; }

    public int Index => 0;

    public bool Is64Bit => false;

    public ScriptedProcessor At(long instruction, Action action)
    {
        _program.Add(instruction, action);
        return this;
    }

    public long Run(long budget)
    {
        _stop = 0;
        _inRun = 0;
        clock.ElapsedInSlice = () => _inRun;
        while (_inRun < budget && !IsIdle && _stop == 0)
        {
            if (_program.Remove((long)_executed, out Action? action))
            {
                action();
            }

            _executed++;
            _inRun++;
        }

        long retired = _inRun;
        _inRun = 0;
        Slices.Add(retired);
        return retired;
    }

    public void RequestStop() => _stop = 1;

    public void SetExternalInterrupt(bool level)
    {
        InterruptLevel = level;
        IsIdle &= !level;
    }

    public void Reset() => Resets++;

    public void Dispose()
    {
    }

    public string StateText() => "scripted";

    public ulong ReadGpr(int index) => _gpr[index];

    public void WriteGpr(int index, ulong value) => _gpr[index] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        return true;
    }

    public void Visit(StateVisitor state) => state.Field("executed", ref _executed);
}

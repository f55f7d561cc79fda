using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// ibm,nmi-register and ibm,nmi-interlock: system resets and machine checks go to handlers of the guest's, which get their r3, and of a machine
/// check its log, in the area behind the RTAS entry (LoPAPR 1.1 7.3.14; the layout is QEMU's and PowerVM's).
/// </summary>
/// <remarks>
/// A system reset leaves r3 and a zero in 16 bytes of each CPU's own behind the log. A machine check leaves r3 and the log in one place, so a
/// second CPU's waits until the first has called ibm,nmi-interlock, and a second of the same CPU's ends the run.
/// </remarks>
internal sealed class NonMaskableRtas : IStateful, INonMaskableHandlers
{
    private const int LogOffset = 0x30;
    private const int BytesOfCpu = 16;
    private const int SavedRegister = 3;
    private const int SavedBytes = 8;
    private const ulong HandlerLimit = 32UL << 20;

    private readonly IFirmwarePlatform _platform;
    private readonly PseriesTopology _topology;
    private readonly GuestMemory _ram;
    private readonly Func<DeviceTree.DeviceTree?> _tree;
    private bool _isRegistered;
    private uint _systemResetHandler;
    private uint _machineCheckHandler;
    private uint _area;
    private int _interlock = -1;
    private uint _nextLogId;

    /// <summary>Makes the services.</summary>
    /// <param name="platform">The machine.</param>
    /// <param name="topology">What the machine has.</param>
    /// <param name="ram">Where the areas lie.</param>
    /// <param name="tree">The live tree, where the client notes its RTAS base.</param>
    public NonMaskableRtas(IFirmwarePlatform platform, PseriesTopology topology, GuestMemory ram, Func<DeviceTree.DeviceTree?> tree)
    {
        _platform = platform;
        _topology = topology;
        _ram = ram;
        _tree = tree;
    }

    /// <summary>Where the guest wants system resets, a logical real address; null for the architected vector.</summary>
    public uint? SystemResetHandler => _isRegistered ? _systemResetHandler : null;

    /// <summary>Where the guest wants machine checks, a logical real address; null for the architected vector.</summary>
    public uint? MachineCheckHandler => _isRegistered ? _machineCheckHandler : null;

    /// <summary>Forgets the handlers: the machine was reset.</summary>
    public void Reset()
    {
        _isRegistered = false;
        (_systemResetHandler, _machineCheckHandler, _area, _interlock, _nextLogId) = (0, 0, 0, -1, 0);
    }

    /// <summary>ibm,nmi-register: handlers of system resets and machine checks, below 32 MiB and inside the RMA.</summary>
    public uint Register(CallBlock call)
    {
        ulong limit = Math.Min(HandlerLimit, _topology.RealModeAreaBytes);
        if (!_topology.HasFirmwareAssistedNmi || _tree()?.Root.Child("rtas")?["linux,rtas-base"]?.Value is not { Length: 4 } cell)
        {
            return RtasStatus.ParameterError;
        }

        uint area = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(cell.Span);
        if (call[0] >= limit || call[1] >= limit || !_ram.Contains(area, PseriesRtas.AreaBytes(_topology.MostCpus)))
        {
            return RtasStatus.ParameterError;
        }

        (_systemResetHandler, _machineCheckHandler, _area, _isRegistered) = (call[0], call[1], area, true);
        return RtasStatus.Success;
    }

    /// <summary>ibm,nmi-interlock: ends the handling of a machine check. Linux calls it after a system reset too, and PowerVM answers 0 then.</summary>
    public uint Release(CallBlock call)
    {
        if (!_isRegistered)
        {
            return RtasStatus.ParameterError;
        }

        if (_interlock == call.Processor.Index)
        {
            _interlock = -1;
        }

        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public ulong? BeginSystemReset(IPartitionProcessor processor)
    {
        if (!_isRegistered)
        {
            return null;
        }

        SaveRegister(processor, _area + PseriesRtas.MostLogBytes + (uint)(processor.Index * BytesOfCpu), [0, 0, 0, 0, 0, 0, 0, 0]);
        return _systemResetHandler;
    }

    /// <inheritdoc/>
    public bool MayBegin(IPartitionProcessor processor) => _interlock < 0 || _interlock == processor.Index;

    /// <inheritdoc/>
    public ulong? BeginMachineCheck(IPartitionProcessor processor)
    {
        if (!_isRegistered)
        {
            return null;
        }

        if (_interlock == processor.Index)
        {
            _platform.Request(PlatformRequest.Panic, "a machine check while another was being handled");
        }

        _interlock = processor.Index;
        byte[] log = EventLog.MachineCheck(_platform.Clock?.Read() ?? DateTime.UnixEpoch, _nextLogId++, (uint)processor.Index);
        SaveRegister(processor, _area + LogOffset, log);
        return _machineCheckHandler;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("registered", ref _isRegistered);
        state.Field("system-reset-handler", ref _systemResetHandler);
        state.Field("machine-check-handler", ref _machineCheckHandler);
        state.Field("area", ref _area);
        state.Field("interlock", ref _interlock);
        state.Field("next-log", ref _nextLogId);
    }

    private void SaveRegister(IPartitionProcessor processor, uint address, ReadOnlySpan<byte> log)
    {
        _ram.TryWriteUInt64(new PhysicalAddress(address), processor.ReadGpr(SavedRegister));
        _ram.TryWrite(new PhysicalAddress(address + SavedBytes), log);
        processor.WriteGpr(SavedRegister, address);
    }
}

using System.Buffers.Binary;
using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Tree;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>RTAS services about the partition as a whole: parameters, its end by panic, handlers of non-maskable interrupts.</summary>
internal sealed class SystemRtas : IStateful
{
    private const uint SplparCharacteristics = 20;
    private const uint DiagnosticsRunMode = 42;
    private const uint Uuid = 48;

    // Bytes of a panic message that are read; Linux's own buffer is shorter (LoPAPR 1.1 7.3.9.1).
    private const int LongestMessage = 511;
    private const ulong HandlerLimit = 32UL << 20;

    private readonly IFirmwarePlatform _platform;
    private readonly PseriesTopology _topology;
    private readonly Func<DeviceTree.DeviceTree?> _tree;
    private uint _systemResetHandler;
    private uint _machineCheckHandler;

    /// <summary>Makes the services.</summary>
    /// <param name="platform">The machine.</param>
    /// <param name="topology">What the machine has.</param>
    /// <param name="tree">The live tree, where the client notes its RTAS base.</param>
    public SystemRtas(IFirmwarePlatform platform, PseriesTopology topology, Func<DeviceTree.DeviceTree?> tree)
    {
        _platform = platform;
        _topology = topology;
        _tree = tree;
    }

    /// <summary>Where the guest wants system resets (ibm,nmi-register), a logical real address; null for the architected vector.</summary>
    public uint? SystemResetHandler => _systemResetHandler == 0 ? null : _systemResetHandler;

    /// <summary>Where the guest wants machine checks (ibm,nmi-register), a logical real address; null for the architected vector.</summary>
    public uint? MachineCheckHandler => _machineCheckHandler == 0 ? null : _machineCheckHandler;

    /// <summary>Forgets the handlers: the machine was reset.</summary>
    public void Reset() => (_systemResetHandler, _machineCheckHandler) = (0, 0);

    /// <summary>ibm,get-system-parameter: parameter, buffer, length; the buffer gets a 16-bit length and as much of the value as fits.</summary>
    public uint GetParameter(CallBlock call) => call[0] switch
    {
        SplparCharacteristics => Store(call, Encoding.ASCII.GetBytes(Characteristics() + "\0")),
        DiagnosticsRunMode => Store(call, [0]),
        Uuid => Store(call, _topology.Uuid == null ? [] : Convert.FromHexString(_topology.Uuid.Replace("-", "", StringComparison.Ordinal))),
        _ => RtasStatus.ParameterError,
    };

    /// <summary>ibm,set-system-parameter: parameter, buffer. None can be set.</summary>
    public static uint SetParameter(CallBlock call) =>
        call[0] is SplparCharacteristics or DiagnosticsRunMode or Uuid ? RtasStatus.NotAuthorized : RtasStatus.ParameterError;

    /// <summary>ibm,os-term: address of a message. The run ends unless the user wants panics ignored; then the guest goes on.</summary>
    public uint Terminate(CallBlock call)
    {
        byte[] buffer = new byte[LongestMessage];
        if (!call.Space.TryReadString(call[0], buffer, out ReadOnlySpan<byte> text) && call.Space.TryRead(call[0], buffer))
        {
            text = buffer;
        }

        _platform.Request(PlatformRequest.Panic, Encoding.Latin1.GetString(text));
        return RtasStatus.Success;
    }

    /// <summary>ibm,nmi-register: handlers of system resets and machine checks, below 32 MiB and inside the RMA.</summary>
    public uint RegisterHandlers(CallBlock call)
    {
        ulong limit = Math.Min(HandlerLimit, _topology.RealModeAreaBytes);
        if (_tree()?.Root.Child("rtas")?["linux,rtas-base"] == null)
        {
            return RtasStatus.HardwareError;
        }

        if (call[0] >= limit || call[1] >= limit)
        {
            return RtasStatus.ParameterError;
        }

        (_systemResetHandler, _machineCheckHandler) = (call[0], call[1]);
        return RtasStatus.Success;
    }

    /// <summary>ibm,nmi-interlock: ends the handling of a machine check. None is ever raised here, and PowerVM answers 0 then too.</summary>
    public static uint Interlock(CallBlock call)
    {
        _ = call;
        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("system-reset-handler", ref _systemResetHandler);
        state.Field("machine-check-handler", ref _machineCheckHandler);
    }

    private string Characteristics() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"MaxEntCap={_topology.MostCpus},DesMem={_topology.MemoryBytes >> 20},DesProcs={_topology.Cpus},MaxPlatProcs={_topology.MostCpus}");

    private static uint Store(CallBlock call, ReadOnlySpan<byte> value)
    {
        (uint buffer, uint length) = (call[1], call[2]);
        if (length < 2)
        {
            return RtasStatus.SystemParameterError;
        }

        byte[] bytes = new byte[2 + (int)Math.Min(length - 2, (uint)value.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value.Length);
        value[..(bytes.Length - 2)].CopyTo(bytes.AsSpan(2));
        return call.Space.TryWrite(buffer, bytes) ? RtasStatus.Success : RtasStatus.SystemParameterError;
    }
}

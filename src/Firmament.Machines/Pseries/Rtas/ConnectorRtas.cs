using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Tree;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// RTAS services of dynamic reconfiguration (LoPAPR 1.1 7.3.5 to 7.3.7 and 13.5): power domains, indicators, sensors, connectors.
/// </summary>
/// <remarks>
/// The connectors are the CPU cores that are plugged in; nothing can be added or taken away while the machine runs, so each is present,
/// usable and unisolated, and stays so.
/// </remarks>
/// <param name="topology">What the machine has.</param>
internal sealed class ConnectorRtas(PseriesTopology topology)
{
    private const uint LivePowerDomain = uint.MaxValue;
    private const uint FullPower = 100;
    private const uint IsolationState = 9001;
    private const uint Indicator = 9002;
    private const uint AllocationState = 9003;
    private const uint EntitySense = 9003;
    private const uint Unisolated = 1;
    private const uint Usable = 1;
    private const uint Present = 1;
    private const uint MostIndicatorState = 3;

    /// <summary>set-power-level: domain, level → level. The only domain is always live.</summary>
    public static uint SetPowerLevel(CallBlock call) => GetPowerLevel(call);

    /// <summary>get-power-level: domain → level.</summary>
    public static uint GetPowerLevel(CallBlock call)
    {
        if (call[0] != LivePowerDomain)
        {
            return RtasStatus.ParameterError;
        }

        call.Return(1, FullPower);
        return RtasStatus.Success;
    }

    /// <summary>set-indicator: type, connector, state.</summary>
    public uint SetIndicator(CallBlock call)
    {
        if (call[0] is not (IsolationState or Indicator or AllocationState) || !IsConnector(call[1]))
        {
            return RtasStatus.ParameterError;
        }

        return call[0] switch
        {
            IsolationState when call[2] == Unisolated => RtasStatus.Success,
            AllocationState when call[2] == Usable => RtasStatus.Success,
            Indicator when call[2] <= MostIndicatorState => RtasStatus.Success,
            Indicator => RtasStatus.ParameterError,

            // The CPU behind it cannot be given up.
            _ => RtasStatus.MultiLevelIsolation,
        };
    }

    /// <summary>get-sensor-state: type, connector → state.</summary>
    public uint GetSensor(CallBlock call)
    {
        if (call[0] != EntitySense || !IsConnector(call[1]))
        {
            return RtasStatus.ParameterError;
        }

        call.Return(1, Present);
        return RtasStatus.Success;
    }

    /// <summary>ibm,configure-connector: work area, memory extent. What is plugged in has been configured since the machine started.</summary>
    public uint ConfigureConnector(CallBlock call)
    {
        if (!call.Space.TryReadCell(call[0], out uint connector) || !IsConnector(connector))
        {
            return RtasStatus.ParameterError;
        }

        return RtasStatus.NotConfigurable;
    }

    private bool IsConnector(uint index) =>
        index >= PseriesTopology.CpuConnectorBase && index - PseriesTopology.CpuConnectorBase is var cpu
        && cpu < (uint)topology.Cpus && cpu % (uint)topology.ThreadsPerCore == 0;
}

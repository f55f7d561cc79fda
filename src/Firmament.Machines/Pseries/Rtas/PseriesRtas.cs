using Firmament.Firmware;
using Firmament.Firmware.Rtas;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// The RTAS calls of the machine (LoPAPR 1.1 chapter 7), with QEMU's tokens: its first is <see cref="FirstToken"/>. Each row names the class
/// that serves it.
/// </summary>
internal sealed class PseriesRtas
{
    /// <summary>The first token.</summary>
    public const uint FirstToken = 0x2000;

    /// <summary>Bytes of the largest error log (`rtas-error-log-max`).</summary>
    public const uint MostLogBytes = 0x800;

    private const uint EntryBytes = 20;
    private const uint InterlockBytes = 8;
    private const uint BytesOfCpu = 16;

    /// <summary>Token of ibm,query-pe-dma-window; a host bridge's node names it and its two successors.</summary>
    public const uint QueryDmaWindowToken = 0x2026;

    /// <summary>All 45 tokens.</summary>
    public static readonly ServiceTable<PseriesRtas> Table = new ServiceTable<PseriesRtas>()
    {
        { 0x2000, "display-character", "char, ... -> int status, ...", static (rtas, call) => rtas.Common.DisplayCharacter(call) },
        { 0x2001, "get-time-of-day", "-> int status, int year, int month, int day, int hour, int minute, int second, int ns", static (rtas, call) => rtas.Common.GetTimeOfDay(call) },
        { 0x2002, "set-time-of-day", "int year, int month, int day, int hour, int minute, int second, int ns -> int status", static (rtas, call) => rtas.Common.SetTimeOfDay(call) },
        { 0x2003, "power-off", "mask.hi, mask.lo -> int status", static (rtas, _) => rtas.Common.PowerOff() },
        { 0x2004, "system-reboot", "-> int status", static (rtas, _) => rtas.Common.SystemReboot() },
        { 0x2005, "query-cpu-stopped-state", "int cpu -> int status, int state", static (rtas, call) => rtas.Processors.QueryStopped(call) },
        { 0x2006, "start-cpu", "int cpu, pc, r3 -> int status", static (rtas, call) => rtas.Processors.Start(call) },
        { 0x2007, "stop-self", "-> int status", static (rtas, call) => rtas.Processors.StopSelf(call) },
        { 0x2008, "ibm,get-system-parameter", "int parameter, buf, int len -> int status", static (rtas, call) => rtas.System.GetParameter(call) },
        { 0x2009, "ibm,set-system-parameter", "int parameter, buf -> int status", static (_, call) => SystemRtas.SetParameter(call) },
        { 0x200a, "ibm,set-xive", "source, int server, int priority -> int status", static (rtas, call) => rtas.Interrupts.SetXive(call[0], call[1], call[2]) },
        { 0x200b, "ibm,get-xive", "source -> int status, int server, int priority", static (rtas, call) => rtas.GetXive(call) },
        { 0x200c, "ibm,int-off", "source -> int status", static (rtas, call) => rtas.Interrupts.InterruptOff(call[0]) },
        { 0x200d, "ibm,int-on", "source -> int status", static (rtas, call) => rtas.Interrupts.InterruptOn(call[0]) },
        { 0x200e, "check-exception", "vector, info, mask, int critical, buf, int len, info.hi? -> int status", static (rtas, call) => rtas.Events.CheckException(call) },
        { 0x200f, "event-scan", "mask, int critical, buf, int len -> int status", static (rtas, _) => rtas.Events.Scan() },
        { 0x2010, "ibm,set-tce-bypass", "unit, int enable -> int status", static (rtas, call) => rtas.Vio.SetTceBypass(call[0], call[1] != 0) },
        { 0x2011, "quiesce", "-> int status", static (rtas, _) => rtas.Quiesce() },
        { 0x2012, "nvram-fetch", "offset, buf, int len -> int status, int bytes", static (rtas, call) => rtas.Common.NvramFetch(call) },
        { 0x2013, "nvram-store", "offset, bytes buf, int len -> int status, int bytes", static (rtas, call) => rtas.Common.NvramStore(call) },
        { 0x2014, "read-pci-config", "addr, int size -> int status, value", static (rtas, call) => rtas.Pci.ReadConfig(call) },
        { 0x2015, "write-pci-config", "addr, int size, value -> int status", static (rtas, call) => rtas.Pci.WriteConfig(call) },
        { 0x2016, "ibm,read-pci-config", "addr, buid.hi, buid.lo, int size -> int status, value", static (rtas, call) => rtas.Pci.ReadBridgeConfig(call) },
        { 0x2017, "ibm,write-pci-config", "addr, buid.hi, buid.lo, int size, value -> int status", static (rtas, call) => rtas.Pci.WriteBridgeConfig(call) },
        { 0x2018, "ibm,query-interrupt-source-number", "addr, buid.hi, buid.lo, int vector -> int status, source, int trigger", static (rtas, call) => rtas.Pci.QueryInterruptSource(call) },
        { 0x2019, "ibm,change-msi", "addr, buid.hi, buid.lo, int function, int count, int sequence -> int status, int count, int sequence, int type?", static (rtas, call) => rtas.Pci.ChangeMsi(call) },
        { 0x201a, "set-indicator", "int type, index, int state -> int status", static (rtas, call) => rtas.Connectors.SetIndicator(call) },
        { 0x201b, "set-power-level", "int domain, int level -> int status, int level", static (_, call) => ConnectorRtas.SetPowerLevel(call) },
        { 0x201c, "get-power-level", "int domain -> int status, int level", static (_, call) => ConnectorRtas.GetPowerLevel(call) },
        { 0x201d, "get-sensor-state", "int type, index -> int status, int state", static (rtas, call) => rtas.Connectors.GetSensor(call) },
        { 0x201e, "ibm,configure-connector", "area, extent -> int status", static (rtas, call) => rtas.Connectors.ConfigureConnector(call) },
        { 0x201f, "ibm,os-term", "text message -> int status", static (rtas, call) => rtas.System.Terminate(call) },

        // No bridge here can isolate a slot that failed (enhanced error handling); guests then run without it.
        { 0x2020, "ibm,set-eeh-option", "addr, buid.hi, buid.lo, int option -> int status", static (_, _) => RtasStatus.ParameterError },
        { 0x2021, "ibm,get-config-addr-info2", "addr, buid.hi, buid.lo, int option -> int status, value", static (_, _) => RtasStatus.ParameterError },
        { 0x2022, "ibm,read-slot-reset-state2", "addr, buid.hi, buid.lo -> int status, int state, int capable, int unavailable, int recover?", static (_, _) => RtasStatus.ParameterError },
        { 0x2023, "ibm,set-slot-reset", "addr, buid.hi, buid.lo, int option -> int status", static (_, _) => RtasStatus.ParameterError },
        { 0x2024, "ibm,configure-pe", "addr, buid.hi, buid.lo -> int status", static (_, _) => RtasStatus.ParameterError },
        { 0x2025, "ibm,slot-error-detail", "addr, buid.hi, buid.lo, driver.buf, int driver.len, firmware.buf, int firmware.len, int type -> int status", static (_, _) => RtasStatus.ParameterError },

        // The largest window is one cell when there are five results, two when there are six.
        { QueryDmaWindowToken, "ibm,query-pe-dma-window", "addr, buid.hi, buid.lo -> int status, int windows, largest, low-or-pages, pages-or-migration, migration?", static (rtas, call) => rtas.Pci.QueryDmaWindow(call) },
        { 0x2027, "ibm,create-pe-dma-window", "addr, buid.hi, buid.lo, int page.shift, int window.shift -> int status, liobn, address.hi, address.lo", static (rtas, call) => rtas.Pci.CreateDmaWindow(call) },
        { 0x2028, "ibm,remove-pe-dma-window", "liobn -> int status", static (rtas, call) => rtas.Pci.RemoveDmaWindow(call) },
        { 0x2029, "ibm,reset-pe-dma-window", "addr, buid.hi, buid.lo -> int status", static (rtas, call) => rtas.Pci.ResetDmaWindow(call) },
        { 0x202a, "ibm,suspend-me", "-> int status", static (rtas, call) => rtas.Processors.SuspendMe(call) },
        { 0x202b, "ibm,nmi-register", "system-reset, machine-check -> int status", static (rtas, call) => rtas.NonMaskable.Register(call) },
        { 0x202c, "ibm,nmi-interlock", "-> int status", static (rtas, call) => rtas.NonMaskable.Release(call) },
    }

    // Quirk: early debug consoles of old Linux kernels use this number, whatever the tree says.
    .AlsoAt(0xa, of: "display-character");

    /// <summary>Calls that other machines have too.</summary>
    public required CommonRtas Common { get; init; }

    /// <summary>Calls about CPUs.</summary>
    public required ProcessorRtas Processors { get; init; }

    /// <summary>Calls about the partition.</summary>
    public required SystemRtas System { get; init; }

    /// <summary>Calls about handlers of non-maskable interrupts.</summary>
    public required NonMaskableRtas NonMaskable { get; init; }

    /// <summary>Calls about connectors, sensors and power.</summary>
    public required ConnectorRtas Connectors { get; init; }

    /// <summary>Calls about events.</summary>
    public required EventRtas Events { get; init; }

    /// <summary>Calls about interrupt sources.</summary>
    public required IPseriesInterruptRtas Interrupts { get; init; }

    /// <summary>Calls about PCI.</summary>
    public required IPseriesPciRtas Pci { get; init; }

    /// <summary>Calls about virtual I/O.</summary>
    public required IPseriesVioRtas Vio { get; init; }

    /// <summary>Bytes the guest places (`rtas-size`).</summary>
    public static uint AreaBytes(int mostCpus) => EntryBytes + MostLogBytes + (BytesOfCpu * (uint)mostCpus) + InterlockBytes;

    /// <summary>The calls as the firmware takes them.</summary>
    /// <param name="mostCpus">CPUs there can ever be: the area behind the entry grows with them.</param>
    public RtasCalls Bind(int mostCpus) => new RtasTable<PseriesRtas>(Table, this)
    {
        Cells =
        [
            // The entry, room for an error log, and what a non-maskable interrupt saves for each CPU (ibm,nmi-register).
            new("rtas-size", AreaBytes(mostCpus)),
            new("rtas-error-log-max", MostLogBytes),
            new("rtas-event-scan-rate", 1),
        ],
    };

    private uint GetXive(CallBlock call)
    {
        uint status = Interrupts.GetXive(call[0], out uint server, out uint priority);
        call.Return(1, server);
        call.Return(2, priority);
        return status;
    }

    private uint Quiesce()
    {
        Vio.Quiesce();
        return RtasStatus.Success;
    }
}

namespace Firmament.Firmware.Rtas;

/// <summary>The calls of the Pegasos II board firmware, with its tokens (CHRP binding, RTAS chapter).</summary>
public static class PegasosRtas
{
    /// <summary>All 15 tokens.</summary>
    public static readonly ServiceTable<CommonRtas> Table = new ServiceTable<CommonRtas>()
    {
        // RTAS keeps no state of its own here, so there is nothing to start anew.
        { 0, "restart-rtas", "-> int status", static (_, _) => RtasStatus.Success },
        { 1, "nvram-fetch", "offset, buf, int len -> int status, int bytes", static (rtas, call) => rtas.NvramFetch(call) },
        { 2, "nvram-store", "offset, bytes buf, int len -> int status, int bytes", static (rtas, call) => rtas.NvramStore(call) },
        { 3, "get-time-of-day", "-> int status, int year, int month, int day, int hour, int minute, int second, int ns", static (rtas, call) => rtas.GetTimeOfDay(call) },
        { 4, "set-time-of-day", "int year, int month, int day, int hour, int minute, int second, int ns -> int status", static (rtas, call) => rtas.SetTimeOfDay(call) },
        { 6, "event-scan", "mask, int critical, buf, int len -> int status", static (_, _) => RtasStatus.NoErrors },
        { 7, "check-exception", "vector, info, mask, int critical, buf, int len -> int status", static (_, _) => RtasStatus.NoErrors },
        { 8, "read-pci-config", "addr, int size -> int status, value", static (rtas, call) => rtas.ReadPciConfig(call) },
        { 9, "write-pci-config", "addr, int size, value -> int status", static (rtas, call) => rtas.WritePciConfig(call) },
        { 10, "display-character", "char -> int status", static (rtas, call) => rtas.DisplayCharacter(call) },

        // No such indicator.
        { 11, "set-indicator", "int type, int index, int state -> int status", static (_, _) => RtasStatus.ParameterError },
        { 17, "power-off", "mask.hi, mask.lo -> int status", static (rtas, _) => rtas.PowerOff() },

        // Not modelled: saving the machine's state to memory or disk.
        { 18, "suspend", "... -> int status, ...", static (_, _) => RtasStatus.ParameterError },
        { 19, "hibernate", "... -> int status, ...", static (_, _) => RtasStatus.ParameterError },
        { 20, "system-reboot", "-> int status", static (rtas, _) => rtas.SystemReboot() },
    }

    // Quirk: Pegasos II firmware publishes this token under a misspelt name, and its guests look it up there.
    .PublishAs("check-execption", of: "check-exception");

    /// <summary>The calls, served for <paramref name="platform"/>.</summary>
    public static RtasCalls For(IFirmwarePlatform platform) => new RtasTable<CommonRtas>(Table, new CommonRtas(platform))
    {
        Cells =
        [
            new("rtas-version", 1),

            // Its place among the cells is the real firmware's; the size itself follows from the stub.
            new(RtasNode.Size, RtasNode.LeastSize),
            new("rtas-display-device", 0),
            new("rtas-event-scan-rate", 0),
            new("rtas-error-log-max", 0),
        ],
    };
}

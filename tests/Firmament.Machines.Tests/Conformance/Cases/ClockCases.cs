using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>Devices of the CHRP binding.</summary>
internal static class ClockCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('g', "Clock and NVRAM",
    [
        new("open of the clock", "open", [Path("rtc")], 1, "0 h", "CHRP rtc") { Save = "rtc-i" },
        new("get-time", "call-method", ["get-time", Saved("rtc-i")], 7, "0 0 + + + * * *", "CHRP rtc"),
        new("set-time to month 13", "call-method", ["set-time", Saved("rtc-i"), 2026, 13, 1, 0, 0, 0], 1, "0 !0", Unspecified),
        new("set-time without cells", "call-method", ["set-time", Saved("rtc-i")], 1, "0 !0", Unspecified),
        new("read of the clock", "read", [Saved("rtc-i"), Room, 8], 1, "0 -1", "6.3.2.3"),
        new("get-time-of-day", "get-time-of-day", [], 8, "0 0 + + + * * *", "Pegasos II"),
        new("open of NVRAM", "open", [Path("nvram")], 1, "0 h", "CHRP nvram") { Save = "nvram-i" },
        new("size of NVRAM", "call-method", ["size", Saved("nvram-i")], 3, "0 0 0 +", "CHRP nvram"),
        new("read of NVRAM", "read", [Saved("nvram-i"), Room, 16], 1, "0 16", "6.3.2.3"),
        new("read of no NVRAM", "read", [Saved("nvram-i"), Room, 0], 1, "0 0", "6.3.2.3"),
        new("seek in NVRAM", "seek", [Saved("nvram-i"), 0, 4], 1, "0 0|1", "6.3.2.3"),
        new("seek behind NVRAM", "seek", [Saved("nvram-i"), 0, 0x1000000], 1, "0 -1", Unspecified),
        new("seek to 4 GiB of NVRAM", "seek", [Saved("nvram-i"), 1, 0], 1, "0 -1", Unspecified),
        new("write of no NVRAM", "write", [Saved("nvram-i"), Room, 0], 1, "0 0", "6.3.2.3"),
        new("read of all NVRAM and more", "read", [Saved("nvram-i"), Room, 0x10000], 1, "0 +", "6.3.2.3"),
        new("close of NVRAM", "close", [Saved("nvram-i")], 0, "0", "6.3.2.3"),
    ]);
}

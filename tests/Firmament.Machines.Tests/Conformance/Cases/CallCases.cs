using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>The argument array, IEEE 1275-1994 6.3.1.</summary>
internal static class CallCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('b', "The call",
    [
        new("unknown service", "no-such-service", [], 1, "-1", "6.3.1"),
        new("service in other case", "FINDDEVICE", ["/chosen"], 1, "-1", "6.3.1"),
        new("service without a name", "", [], 1, "-1", "6.3.1"),
        new("service with a long name", "a-service-whose-name-is-longer-than-the-64-bytes-that-some-firmware-reads-of-it", [], 1, "-1", "6.3.1"),
        new("finddevice without arguments", "finddevice", [], 1, "-1", Unspecified),
        new("peer without arguments", "peer", [], 1, "-1", Unspecified),
        new("getprop with three arguments", "getprop", [Saved("chosen"), "name", Room], 1, "-1", Unspecified),
        new("claim with two arguments", "claim", [0, 4096], 1, "-1", Unspecified),
        new("call-method without an instance", "call-method", ["open"], 1, "-1", Unspecified),
        new("interpret without a string", "interpret", [], 1, "-1", Unspecified),
        new("finddevice with two arguments", "finddevice", ["/chosen", 1], 1, "0 h", Unspecified),
        new("peer with three arguments", "peer", [0, 1, 2], 1, "0 h", Unspecified),
        new("finddevice without results", "finddevice", ["/chosen"], 0, "0", Unspecified),
        new("setprop without results", "setprop", [Saved("chosen"), "conform,c", "v", 2], 0, "0", Unspecified),
        new("and it was done", "getproplen", [Saved("chosen"), "conform,c"], 1, "0 2", Unspecified),
        new("peer with three results", "peer", [0], 3, "0 h 0 0", Unspecified),
        new("milliseconds with an argument", "milliseconds", [5], 1, "0 *", Unspecified),
        new("sixteen arguments", "finddevice", ["/chosen", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1, "0 h", Unspecified),
        new("thirty results", "peer", [0], 30, "0 h 0 0", Unspecified),
        new("array at an odd address", "peer", [0], 1, "0 h", Unspecified) { ArrayAddress = Room + 0x801, CopyArray = true },
        new("array at half a word", "peer", [0], 1, "0 h", Unspecified) { ArrayAddress = Room + 0x902, CopyArray = true },
        new("1000 arguments said", "peer", [0], 1, "-1", Unspecified) { ArgumentCount = 1000 },
        new("1000 results said", "peer", [0], 1, "-1|0", Unspecified) { ResultCount = 1000, ArrayAddress = Room + 0x1000, CopyArray = true },
        new("absurd count of arguments", "peer", [0], 1, "-1", Unspecified) { ArgumentCount = 0x7fff_ffff },
        new("absurd count of results", "peer", [0], 1, "-1", Unspecified) { ResultCount = 0x7fff_ffff },
        new("counts of -1", "peer", [0], 1, "-1", Unspecified) { ArgumentCount = 0xffff_ffff, ResultCount = 0xffff_ffff },
    ]);
}

using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>What still works.</summary>
internal static class QuiesceCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('m', "After quiesce",
    [
        new("quiesce", "quiesce", [], 0, "0", "Linux"),
        new("quiesce again", "quiesce", [], 0, "0", Unspecified),
        new("write after quiesce", "write", [Saved("stdout"), "after\r\n", 7], 1, "0 7", "Linux"),
        new("getprop after quiesce", "getprop", [Saved("chosen"), "name", Room, 64], 1, "0 7", "FreeBSD") { Show = 7, Data = "chosen~" },
        new("finddevice after quiesce", "finddevice", ["/memory"], 1, "0 h", "FreeBSD"),
        new("claim after quiesce", "claim", [0, 4096, 4096], 1, "0 +", "FreeBSD"),
        new("milliseconds after quiesce", "milliseconds", [], 1, "0 *", Unspecified),
        new("close of stdin after quiesce", "close", [Saved("stdin")], 0, "0", "Linux"),
    ]);
}

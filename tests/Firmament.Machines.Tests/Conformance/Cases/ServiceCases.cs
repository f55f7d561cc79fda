using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>test, callbacks, time and extensions.</summary>
internal static class ServiceCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('j', "Other services",
    [
        new("test of test", "test", ["test"], 1, "0 0", "6.3.2.1"),
        new("test of peer", "test", ["peer"], 1, "0 0", "6.3.2.1"),
        new("test of child", "test", ["child"], 1, "0 0", "6.3.2.1"),
        new("test of parent", "test", ["parent"], 1, "0 0", "6.3.2.1"),
        new("test of instance-to-package", "test", ["instance-to-package"], 1, "0 0", "6.3.2.1"),
        new("test of getproplen", "test", ["getproplen"], 1, "0 0", "6.3.2.1"),
        new("test of getprop", "test", ["getprop"], 1, "0 0", "6.3.2.1"),
        new("test of nextprop", "test", ["nextprop"], 1, "0 0", "6.3.2.1"),
        new("test of setprop", "test", ["setprop"], 1, "0 0", "6.3.2.1"),
        new("test of canon", "test", ["canon"], 1, "0 0", "6.3.2.1"),
        new("test of finddevice", "test", ["finddevice"], 1, "0 0", "6.3.2.1"),
        new("test of instance-to-path", "test", ["instance-to-path"], 1, "0 0", "6.3.2.1"),
        new("test of package-to-path", "test", ["package-to-path"], 1, "0 0", "6.3.2.1"),
        new("test of call-method", "test", ["call-method"], 1, "0 0", "6.3.2.1"),
        new("test of open", "test", ["open"], 1, "0 0", "6.3.2.1"),
        new("test of close", "test", ["close"], 1, "0 0", "6.3.2.1"),
        new("test of read", "test", ["read"], 1, "0 0", "6.3.2.1"),
        new("test of write", "test", ["write"], 1, "0 0", "6.3.2.1"),
        new("test of seek", "test", ["seek"], 1, "0 0", "6.3.2.1"),
        new("test of claim", "test", ["claim"], 1, "0 0", "6.3.2.1"),
        new("test of release", "test", ["release"], 1, "0 0", "6.3.2.1"),
        new("test of boot", "test", ["boot"], 1, "0 0", "6.3.2.1"),
        new("test of enter", "test", ["enter"], 1, "0 0", "6.3.2.1"),
        new("test of exit", "test", ["exit"], 1, "0 0", "6.3.2.1"),
        new("test of chain", "test", ["chain"], 1, "0 0", "6.3.2.1"),
        new("test of interpret", "test", ["interpret"], 1, "0 0", "6.3.2.1"),
        new("test of set-callback", "test", ["set-callback"], 1, "0 0", "6.3.2.1"),
        new("test of set-symbol-lookup", "test", ["set-symbol-lookup"], 1, "0 0", "6.3.2.1"),
        new("test of milliseconds", "test", ["milliseconds"], 1, "0 0", "6.3.2.1"),
        new("test of quiesce", "test", ["quiesce"], 1, "0 0", Unspecified),
        new("test of start-cpu", "test", ["start-cpu"], 1, "0 0", Unspecified),
        new("test of test-method", "test", ["test-method"], 1, "0 0", Unspecified),
        new("test of instance-to-interposed-path", "test", ["instance-to-interposed-path"], 1, "0 0", Unspecified),
        new("test of no service", "test", ["no-such-service"], 1, "0 -1", "6.3.2.1"),
        new("test of nothing", "test", [""], 1, "0 -1", "6.3.2.1"),
        new("milliseconds", "milliseconds", [], 1, "0 *", "6.3.2.7"),
        new("set-callback", "set-callback", [4660], 1, "0 0", "6.3.2.6"),
        new("set-callback again", "set-callback", [0], 1, "0 4660", "6.3.2.6"),
        new("set-symbol-lookup", "set-symbol-lookup", [0, 0], 0, "0", "6.3.2.6"),
        new("test-method", "test-method", [Saved("chosen"), "no-such-method"], 1, "0 -1", "PAPR"),
        new("find-package of a name", "find-package", ["deblocker"], 1, "0 h", "yaboot"),
        new("find-package of a path", "find-package", ["/chosen"], 1, "0 h", "yaboot"),
        new("find-package of nothing", "find-package", ["no-such-package"], 1, "0 -1", "yaboot"),
        new("chain to nowhere", "chain", [0, 0, Nowhere, 0, 0], 0, "0", Unspecified),
    ]);
}

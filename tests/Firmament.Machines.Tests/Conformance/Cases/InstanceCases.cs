using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>Device I/O, IEEE 1275-1994 6.3.2.3, and call-method.</summary>
internal static class InstanceCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('d', "Instances and the console",
    [
        new("open of no node", "open", ["/no-such-node"], 1, "0 0", "6.3.2.3"),
        new("open of no alias", "open", ["no-such-alias"], 1, "0 0", "6.3.2.3"),
        new("open of nothing", "open", [""], 1, "0 0", Unspecified),
        new("open of a node without methods", "open", ["/chosen"], 1, "0 0", "6.3.2.3"),
        new("open of the root", "open", ["/"], 1, "0 h", "Linux prom_init.c") { Save = "root-i" },
        new("its package", "instance-to-package", [Saved("root-i")], 1, "0 h", "6.3.2.2"),
        new("its path", "instance-to-path", [Saved("root-i"), Room, 64], 1, "0 1", "6.3.2.2") { Show = 1, Data = "/" },
        new("close", "close", [Saved("root-i")], 0, "0", "6.3.2.3"),
        new("package of a closed one", "instance-to-package", [Saved("root-i")], 1, "0 -1", "6.3.2.2"),
        new("path of a closed one", "instance-to-path", [Saved("root-i"), Room, 64], 1, "0 -1", "6.3.2.2"),
        new("write to a closed one", "write", [Saved("root-i"), "x", 1], 1, "0 -1", "6.3.2.3"),
        new("read from a closed one", "read", [Saved("root-i"), Room, 1], 1, "0 -1", "6.3.2.3"),
        new("seek in a closed one", "seek", [Saved("root-i"), 0, 0], 1, "0 -1", "6.3.2.3"),
        new("call-method of a closed one", "call-method", ["open", Saved("root-i")], 2, "0 !0", "6.3.2.2"),
        new("close of a closed one", "close", [Saved("root-i")], 0, "0", Unspecified),
        new("close of 0", "close", [0], 0, "0", Unspecified),
        new("close of -1", "close", [-1], 0, "0", Unspecified),
        new("open of memory", "open", ["/memory"], 1, "0 h", "6.3.2.3") { Save = "memory-i" },
        new("path of memory", "instance-to-path", [Saved("memory-i"), Room, 64], 1, "0 +", "6.3.2.2") { Show = 7, Data = "/memory" },
        new("write without the method", "write", [Saved("memory-i"), "x", 1], 1, "0 -1", "6.3.2.3"),
        new("read without the method", "read", [Saved("memory-i"), Room, 1], 1, "0 -1", "6.3.2.3"),
        new("seek without the method", "seek", [Saved("memory-i"), 0, 0], 1, "0 -1", "6.3.2.3"),
        new("close of memory", "close", [Saved("memory-i")], 0, "0", "6.3.2.3"),
        new("write", "write", [Saved("stdout"), "written by the client\r\n", 23], 1, "0 23", "6.3.2.3"),
        new("write of nothing", "write", [Saved("stdout"), "x", 0], 1, "0 0", "6.3.2.3"),
        new("write to ihandle 0", "write", [0, "x", 1], 1, "0 -1", "6.3.2.3"),
        new("write to ihandle -1", "write", [-1, "x", 1], 1, "0 -1", "6.3.2.3"),
        new("write to a phandle", "write", [Saved("chosen"), "x", 1], 1, "0 -1", "6.3.2.3"),
        new("read with nothing there", "read", [Saved("stdin"), Room, 8], 1, "0 -2", "3.8.4") { Show = 4, Data = "UUUU" },
        new("read of nothing", "read", [Saved("stdin"), Room, 0], 1, "0 0|-2", "6.3.2.3"),
        new("read from ihandle 0", "read", [0, Room, 8], 1, "0 -1", "6.3.2.3"),
        new("seek in the console", "seek", [Saved("stdout"), 0, 0], 1, "0 -1", "6.3.2.3"),
        new("seek in ihandle 0", "seek", [0, 0, 0], 1, "0 -1", "6.3.2.3"),
        new("call-method write", "call-method", ["write", Saved("stdout"), 8, "method\r\n"], 2, "0 0 8", "6.3.2.2"),
        new("call-method without results", "call-method", ["write", Saved("stdout"), 8, "method\r\n"], 0, "0", "6.3.2.2"),
        new("call-method with many results", "call-method", ["write", Saved("stdout"), 8, "method\r\n"], 4, "0 0 8", "6.3.2.2"),
        new("call-method of no method", "call-method", ["no-such-method", Saved("stdout")], 2, "0 !0", "6.3.2.2"),
        new("call-method of an empty name", "call-method", ["", Saved("stdout")], 2, "0 !0", "6.3.2.2"),
        new("call-method with too few cells", "call-method", ["write", Saved("stdout")], 2, "0 !0", "6.3.2.2"),
        new("call-method of ihandle 0", "call-method", ["write", 0, 8, "method\r\n"], 2, "0 !0", "6.3.2.2"),
        new("call-method of ihandle -1", "call-method", ["write", -1, 8, "method\r\n"], 2, "0 !0", "6.3.2.2"),
        new("call-method of a phandle", "call-method", ["write", Saved("chosen"), 8, "method\r\n"], 2, "0 !0", "6.3.2.2"),
    ]);
}

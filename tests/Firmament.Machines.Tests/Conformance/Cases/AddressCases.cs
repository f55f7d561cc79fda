using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>Addresses that are not memory, and lengths that are none.</summary>
internal static class AddressCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('c', "Bad addresses",
    [
        new("array nowhere", "peer", [0], 1, "-1", Unspecified) { ArrayAddress = Nowhere },
        new("array behind RAM", "peer", [0], 1, "-1", Unspecified) { ArrayAddress = End },
        new("array across the end of RAM", "peer", [0], 1, "-1", Unspecified) { ArrayAddress = End - 8 },
        new("service name nowhere", "peer", [0], 1, "-1", Unspecified) { ServiceAddress = Nowhere },
        new("service name at 0xffffffff", "peer", [0], 1, "-1", Unspecified) { ServiceAddress = 0xffff_ffff },
        new("test of a name nowhere", "test", [Nowhere], 1, "0 -1", Unspecified),
        new("finddevice of NULL", "finddevice", [0], 1, "0 -1", Unspecified),
        new("finddevice of a path nowhere", "finddevice", [Nowhere], 1, "0 -1", Unspecified),
        new("finddevice of 512 characters", "finddevice", [Room], 1, "0 -1", Unspecified),
        new("getproplen of a name nowhere", "getproplen", [Saved("chosen"), Nowhere], 1, "0 -1", Unspecified),
        new("getproplen of NULL", "getproplen", [Saved("chosen"), 0], 1, "0 -1", Unspecified),
        new("getprop of a name nowhere", "getprop", [Saved("chosen"), Nowhere, Room, 64], 1, "0 -1", Unspecified) { Show = 4, Data = "UUUU" },
        new("getprop to nowhere", "getprop", [Saved("chosen"), "name", Nowhere, 64], 1, "0 -1", Unspecified),
        new("getprop across the end of RAM", "getprop", [Saved("chosen"), "name", End - 3, 64], 1, "0 -1", Unspecified),
        new("getprop of no bytes to nowhere", "getprop", [Saved("chosen"), "name", Nowhere, 0], 1, "0 7", Unspecified),
        new("nextprop after a name nowhere", "nextprop", [Saved("chosen"), Nowhere, Room], 1, "0 -1", Unspecified),
        new("nextprop to nowhere", "nextprop", [Saved("chosen"), "", Nowhere], 1, "0 -1", Unspecified),
        new("setprop of a name nowhere", "setprop", [Saved("chosen"), Nowhere, "v", 2], 1, "0 -1", Unspecified),
        new("setprop of a value nowhere", "setprop", [Saved("chosen"), "conform,d", Nowhere, 2], 1, "0 -1", Unspecified),
        new("setprop of no bytes nowhere", "setprop", [Saved("chosen"), "conform,d", Nowhere, 0], 1, "0 0", Unspecified),
        new("setprop of 2 GiB", "setprop", [Saved("chosen"), "conform,d", Room, 0x7fffffff], 1, "0 -1", Unspecified),
        new("setprop of -1 bytes", "setprop", [Saved("chosen"), "conform,d", Room, -1], 1, "0 -1", Unspecified),
        new("canon of a path nowhere", "canon", [Nowhere, Room, 64], 1, "0 -1", Unspecified),
        new("canon to nowhere", "canon", ["/chosen", Nowhere, 64], 1, "0 -1", Unspecified),
        new("package-to-path to nowhere", "package-to-path", [Saved("chosen"), Nowhere, 64], 1, "0 -1", Unspecified),
        new("instance-to-path to nowhere", "instance-to-path", [Saved("stdout"), Nowhere, 64], 1, "0 -1", Unspecified),
        new("open of NULL", "open", [0], 1, "0 0", Unspecified),
        new("open of a path nowhere", "open", [Nowhere], 1, "0 0", Unspecified),
        new("write from nowhere", "write", [Saved("stdout"), Nowhere, 8], 1, "0 -1", Unspecified),
        new("write of 2 GiB from behind RAM", "write", [Saved("stdout"), End, 0x7fffffff], 1, "0 -1", Unspecified),
        new("read to nowhere", "read", [Saved("stdin"), Nowhere, 8], 1, "0 -1", Unspecified),
        new("call-method of a name nowhere", "call-method", [Nowhere, Saved("stdout")], 1, "0 !0", Unspecified),
        new("call-method write from nowhere", "call-method", ["write", Saved("stdout"), 8, Nowhere], 2, "0 !0", Unspecified),
        new("interpret of NULL", "interpret", [0], 1, "0 !0", Unspecified),
        new("interpret of a string nowhere", "interpret", [Nowhere], 1, "0 !0", Unspecified),
        new("test-method of a name nowhere", "test-method", [Saved("chosen"), Nowhere], 1, "0 -1", Unspecified),
        new("start-cpu of no CPU", "start-cpu", [0, 0, 0], 0, "0", Unspecified),
    ]);
}

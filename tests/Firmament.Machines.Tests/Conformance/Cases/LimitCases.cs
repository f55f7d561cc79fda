using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>The last bytes of RAM, and large values.</summary>
internal static class LimitCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('l', "Limits",
    [
        new("a path that ends with RAM", "finddevice", [End - 8], 1, "0 h", Unspecified) { Poke = ("/chosen", End - 8) },
        new("a buffer that ends with RAM", "getprop", [Saved("chosen"), "name", End - 7, 7], 1, "0 7", Unspecified),
        new("a longer buffer that ends with RAM", "getprop", [Saved("chosen"), "name", End - 16, 64], 1, "0 7", Unspecified),
        new("an array that ends with RAM", "peer", [0], 1, "0 h", Unspecified) { ArrayAddress = End - 20, CopyArray = true },
        new("a service name that ends with RAM", "peer", [0], 1, "0 h", Unspecified) { ServiceAddress = End - 5, Poke = ("peer", End - 5) },
        new("a string that does not end", "finddevice", [End - 8], 1, "0 -1", Unspecified) { Poke = ("UUUUUUUU", End - 9) },
        new("a property of 64 KiB", "setprop", [Saved("chosen"), "conform,big", Load, 0x10000], 1, "0 65536", Unspecified),
        new("its length", "getproplen", [Saved("chosen"), "conform,big"], 1, "0 65536", Unspecified),
        new("a property of 1 MiB", "setprop", [Saved("chosen"), "conform,big", Load, 0x100000], 1, "0 1048576", Unspecified),
        new("it made short again", "setprop", [Saved("chosen"), "conform,big", Load, 4], 1, "0 4", Unspecified),
        new("write of 4 KiB of NULs", "write", [Saved("stdout"), Load, 4096], 1, "0 +", Unspecified),
    ]);
}

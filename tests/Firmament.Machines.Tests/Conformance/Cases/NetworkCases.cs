using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>A card, IEEE 1275-1994 3.7.4 and 3.8.3.</summary>
internal static class NetworkCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('h', "The network",
    [
        new("open of the network", "open", [Path("net")], 1, "0 h", "6.3.2.3") { Save = "net-i" },
        new("node of the network", "instance-to-package", [Saved("net-i")], 1, "0 h", "6.3.2.2") { Save = "net-n" },
        new("type of the network", "getprop", [Saved("net-n"), "device_type", Room, 32], 1, "0 8", "3.7.4") { Show = 8, Data = "network~" },
        new("local-mac-address", "getproplen", [Saved("net-n"), "local-mac-address"], 1, "0 6", "3.7.4"),
        new("mac-address", "getproplen", [Saved("net-n"), "mac-address"], 1, "0 6", "3.7.4"),
        new("max-frame-size", "getproplen", [Saved("net-n"), "max-frame-size"], 1, "0 4", "3.7.4"),
        new("address-bits", "getproplen", [Saved("net-n"), "address-bits"], 1, "0 4", "3.7.4"),
        new("read of no frame", "read", [Saved("net-i"), Room, 1514], 1, "0 -2", "3.8.3"),
        new("read of a frame into nothing", "read", [Saved("net-i"), Room, 0], 1, "0 -2|0", Unspecified),
        new("write of a frame", "write", [Saved("net-i"), Room, 64], 1, "0 64", "3.8.3"),
        new("write of a short frame", "write", [Saved("net-i"), Room, 42], 1, "0 42", "3.8.3"),
        new("write of no frame", "write", [Saved("net-i"), Room, 0], 1, "0 -1|0", Unspecified),
        new("write of a giant frame", "write", [Saved("net-i"), Room, 9000], 1, "0 -1", Unspecified),
        new("seek in the network", "seek", [Saved("net-i"), 0, 0], 1, "0 -1", "6.3.2.3"),
        new("dma-alloc", "call-method", ["dma-alloc", Saved("net-i"), 0x10000], 2, "0 0 h", "3.7.4") { Save = "dma", SaveResult = 1 },
        new("dma-free", "call-method", ["dma-free", Saved("net-i"), 0x10000, Saved("dma")], 1, "0 0", "3.7.4"),
        new("close of the network", "close", [Saved("net-i")], 0, "0", "6.3.2.3"),
        new("open as GRUB does", "open", [Path("net", ":speed=auto,duplex=auto,1.1.1.1,dummy,1.1.1.1,1.1.1.1,5,5,1.1.1.1,512")], 1, "0 h", "GRUB ofnet.c") { Save = "net-i" },
        new("close of that", "close", [Saved("net-i")], 0, "0", "6.3.2.3"),
        new("read of the closed network", "read", [Saved("net-i"), Room, 64], 1, "0 -1", "6.3.2.3"),
    ]);
}

using static Firmament.Machines.Tests.Conformance.ConformanceCell;
using static Firmament.Machines.Tests.Conformance.ConformanceMemory;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>Block devices, IEEE 1275-1994 3.7.3, and the support packages below them.</summary>
internal static class DiskCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('f', "A disk",
    [
        new("open of a disk", "open", [Path("disk")], 1, "0 h", "6.3.2.3") { Save = "disk-i" },
        new("node of the disk", "instance-to-package", [Saved("disk-i")], 1, "0 h", "6.3.2.2") { Save = "disk-n" },
        new("type of the disk", "getprop", [Saved("disk-n"), "device_type", Room, 32], 1, "0 6", "3.7.3") { Show = 6, Data = "block~" },
        new("path of the disk", "instance-to-path", [Saved("disk-i"), Room, 200], 1, "0 +", "6.3.2.2") { Show = 1, Data = "/" },
        new("block-size", "call-method", ["block-size", Saved("disk-i")], 2, "0 0 512", "3.7.3"),
        new("#blocks", "call-method", ["#blocks", Saved("disk-i")], 2, "0 0 8192", "3.7.3"),
        new("max-transfer", "call-method", ["max-transfer", Saved("disk-i")], 2, "0 0 +", "3.7.3"),
        new("read of the start: seek", "seek", [Saved("disk-i"), 0, 0], 1, "0 0|1", "6.3.2.3"),
        new("read of the start", "read", [Saved("disk-i"), Room, 12], 1, "0 12", "6.3.2.3") { Show = 12, Data = "SECTOR-00000" },
        new("read of a sector: seek", "seek", [Saved("disk-i"), 0, 1536], 1, "0 0|1", "6.3.2.3"),
        new("read of a sector", "read", [Saved("disk-i"), Room, 12], 1, "0 12", "6.3.2.3") { Show = 12, Data = "SECTOR-00003" },
        new("read goes on", "read", [Saved("disk-i"), Room, 12], 1, "0 12", "6.3.2.3") { Show = 14, Data = "............UU" },
        new("read of no aligned place: seek", "seek", [Saved("disk-i"), 0, 2567], 1, "0 0|1", "6.3.2.3"),
        new("read of no aligned place", "read", [Saved("disk-i"), Room, 5], 1, "0 5", "6.3.2.3") { Show = 5, Data = "00005" },
        new("read across sectors: seek", "seek", [Saved("disk-i"), 0, 3580], 1, "0 0|1", "6.3.2.3"),
        new("read across sectors", "read", [Saved("disk-i"), Room, 16], 1, "0 16", "6.3.2.3") { Show = 16, Data = "....SECTOR-00007" },
        new("read of no bytes", "read", [Saved("disk-i"), Room, 0], 1, "0 0", "6.3.2.3"),
        new("read of 64 KiB: seek", "seek", [Saved("disk-i"), 0, 0], 1, "0 0|1", "6.3.2.3"),
        new("read of 64 KiB", "read", [Saved("disk-i"), Room, 0x10000], 1, "0 65536", "6.3.2.3") { Show = 16, Data = "SECTOR-00000" },
        new("read across the end: seek", "seek", [Saved("disk-i"), 0, 0x3ffff0], 1, "0 0|1", "6.3.2.3"),
        new("read across the end", "read", [Saved("disk-i"), Room, 64], 1, "0 16", "6.3.2.3") { Show = 18, Data = "................UU" },
        new("seek to the end", "seek", [Saved("disk-i"), 0, 0x400000], 1, "0 *", Unspecified),
        new("read at the end", "read", [Saved("disk-i"), Room, 16], 1, "0 0|-1", "6.3.2.3") { Show = 4, Data = "UUUU" },
        new("seek behind the end", "seek", [Saved("disk-i"), 0, 0x800000], 1, "0 -1", Unspecified),
        new("seek to 4 GiB", "seek", [Saved("disk-i"), 1, 0], 1, "0 -1", Unspecified),
        new("seek to -1", "seek", [Saved("disk-i"), -1, -1], 1, "0 -1", Unspecified),
        new("method seek", "call-method", ["seek", Saved("disk-i"), 0, 4608], 2, "0 0 0|1", "3.8.1"),
        new("method read", "call-method", ["read", Saved("disk-i"), 12, Room], 2, "0 0 12", "3.8.1") { Show = 12, Data = "SECTOR-00009" },
        new("read-blocks", "call-method", ["read-blocks", Saved("disk-i"), 1, 11, Room], 2, "0 0 1", "3.7.3") { Show = 12, Data = "SECTOR-00011" },
        new("read-blocks of none", "call-method", ["read-blocks", Saved("disk-i"), 0, 11, Room], 2, "0 0 0", "3.7.3") { Show = 4, Data = "UUUU" },
        new("read-blocks behind the end", "call-method", ["read-blocks", Saved("disk-i"), 1, 8192, Room], 2, "0 0 0", "3.7.3") { Show = 4, Data = "UUUU" },
        new("read-blocks at -1", "call-method", ["read-blocks", Saved("disk-i"), 1, -1, Room], 2, "0 0 0", "3.7.3") { Show = 4, Data = "UUUU" },
        new("write: seek", "seek", [Saved("disk-i"), 0, 0x1f4000], 1, "0 0|1", "6.3.2.3"),
        new("write to the disk", "write", [Saved("disk-i"), Load, 512], 1, "0 512", "6.3.2.3"),
        new("service block-size", "block-size", [Saved("disk-i")], 1, "0 512", "FreeBSD"),
        new("service #blocks", "#blocks", [Saved("disk-i")], 1, "0 8192", "FreeBSD"),
        new("load of the boot partition", "call-method", ["load", Saved("disk-i"), Load], 2, "0 0 65536|131072", "3.8.1; CHRP 10"),
        new("close of the disk", "close", [Saved("disk-i")], 0, "0", "6.3.2.3"),
        new("read of the closed disk", "read", [Saved("disk-i"), Room, 16], 1, "0 -1", "6.3.2.3"),
        new("open of partition 0", "open", [Path("disk", ":0")], 1, "0 h", "disk-label") { Save = "disk0" },
        new("read of partition 0: seek", "seek", [Saved("disk0"), 0, 512], 1, "0 0|1", "6.3.2.3"),
        new("read of partition 0", "read", [Saved("disk0"), Room, 12], 1, "0 12", "6.3.2.3") { Show = 12, Data = "SECTOR-00001" },
        new("open of partition 1", "open", [Path("disk", ":1")], 1, "0 h", "disk-label") { Save = "disk1" },
        new("read of partition 1: seek", "seek", [Saved("disk1"), 0, 0], 1, "0 0|1", "6.3.2.3"),
        new("read of partition 1", "read", [Saved("disk1"), Room, 12], 1, "0 12", "6.3.2.3") { Show = 12, Data = "SECTOR-00064" },
        new("path of partition 1", "instance-to-path", [Saved("disk1"), Room, 200], 1, "0 +", "6.3.2.2"),
        new("offset in partition 1", "call-method", ["offset", Saved("disk1"), 0, 512], 3, "0 0 0 33280", "3.8.3"),
        new("partition 1 to its end: seek", "seek", [Saved("disk1"), 0, 0xfff4], 1, "0 0|1", "6.3.2.3"),
        new("partition 1 to its end", "read", [Saved("disk1"), Room, 64], 1, "0 12", "6.3.2.3") { Show = 14, Data = "............UU" },
        new("close of partition 1", "close", [Saved("disk1")], 0, "0", "6.3.2.3"),
        new("open of no partition", "open", [Path("disk", ":9")], 1, "0 0", "disk-label"),
        new("open of a bad partition", "open", [Path("disk", ":no-such")], 1, "0 *", Unspecified),
        new("open of no file", "open", [Path("disk", ":1,\\no-such-file")], 1, "0 0", "disk-label"),
        new("deblocker", "open", ["/packages/deblocker"], 1, "0 *", Unspecified),
        new("disk-label", "open", ["/packages/disk-label"], 1, "0 *", Unspecified),
    ]);
}

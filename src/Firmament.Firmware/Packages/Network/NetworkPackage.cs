using Firmament.DeviceTree;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Network;

namespace Firmament.Firmware.Packages.Network;

/// <summary>
/// A network card (IEEE 1275-1994 3.8.3, device_type "network"): `read` and `write` move whole Ethernet frames, `load` reads a file by DHCP and TFTP as the
/// `obp-tftp` package does (IEEE 1275 TFTP Booting Extension).
/// </summary>
/// <remarks>
/// Example: `boot net:10.0.2.2,boot\grub.elf,10.0.2.15` reads boot/grub.elf and asks nobody for an address. `open` takes any argument text, for GRUB opens
/// the bare card with one that it made up. Keeps nothing itself: the card's state is the driver's.
/// </remarks>
public sealed class NetworkPackage : IPackage, IBootSource
{
    private const uint Failed = uint.MaxValue;
    private const uint NothingAvailable = unchecked((uint)-2);

    private static readonly MethodTable<NetworkPackage> Methods = new()
    {
        { "open", "-- ok?", static (network, call) => { call.Stack.Push(network._driver.TryStart()); return CatchResult.Ok; } },
        { "close", "--", static (network, _) => { network._driver.Stop(); return CatchResult.Ok; } },
        { "read", "addr len -- actual", static (network, call) => network.Read(call) },
        { "write", "addr len -- actual", static (network, call) => network.Write(call) },
        { "load", "addr -- size", static (network, call) => network.Load(call) },
        { "dma-alloc", "size -- virt", static (_, call) => DmaMemory.Allocate(call) },
        { "dma-free", "virt size --", static (_, call) => DmaMemory.Free(call) },
    };

    private readonly INetworkDriver _driver;

    /// <summary>Gives the card of <paramref name="driver"/> methods.</summary>
    public NetworkPackage(INetworkDriver driver) => _driver = driver;

    /// <summary>Gives a node the methods, and the properties that clients look for and the node does not have.</summary>
    /// <param name="firmware">The firmware.</param>
    /// <param name="node">The card's node.</param>
    /// <param name="driver">Drives the card.</param>
    public static NetworkPackage Attach(OpenFirmware firmware, DeviceNode node, INetworkDriver driver)
    {
        NetworkPackage package = new(driver);
        firmware.Attach(node, package);
        SetMissing(node, "device_type", "network\0"u8);
        SetMissing(node, "local-mac-address", driver.MacAddress);
        SetMissing(node, "mac-address", driver.MacAddress);
        SetMissing(node, "max-frame-size", [0, 0, EthernetFrame.Longest >> 8, EthernetFrame.Longest & 255]);
        SetMissing(node, "address-bits", [0, 0, 0, 8 * StationAddress.Length]);
        return package;
    }

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    /// <inheritdoc/>
    public BootProgram? FindProgram(OpenFirmware firmware, Instance instance, string? file) =>
        new NetworkBoot(firmware, _driver).Find(instance.Arguments, file);

    private static void SetMissing(DeviceNode node, string property, ReadOnlySpan<byte> value)
    {
        if (node[property] == null)
        {
            node.Set(property, value.ToArray());
        }
    }

    /// <summary>A frame longer than the buffer is cut.</summary>
    private int Read(MethodCall call)
    {
        uint length = Math.Min(call.Stack.Pop(), EthernetFrame.Longest);
        uint address = call.Stack.Pop();
        if (!call.Space.CanAccess(address, length, write: true))
        {
            return CatchResult.InvalidAddress;
        }

        Span<byte> frame = stackalloc byte[EthernetFrame.Longest];
        int received = Math.Clamp(_driver.Receive(frame), 0, frame.Length);
        int count = Math.Min(received, (int)length);
        _ = call.Space.TryWrite(address, frame[..count]);
        call.Stack.Push(received == 0 ? NothingAvailable : (uint)count);
        return CatchResult.Ok;
    }

    /// <summary>A short frame is padded; the answer is the length that was given, as FreeBSD expects.</summary>
    private int Write(MethodCall call)
    {
        uint length = call.Stack.Pop();
        uint address = call.Stack.Pop();
        if (length is < EthernetFrame.HeaderLength or > EthernetFrame.Longest)
        {
            call.Stack.Push(Failed);
            return CatchResult.Ok;
        }

        Span<byte> frame = stackalloc byte[EthernetFrame.Longest];
        frame.Clear();
        if (!call.Space.TryRead(address, frame[..(int)length]))
        {
            return CatchResult.InvalidAddress;
        }

        bool ok = _driver.TrySend(frame[..Math.Max((int)length, EthernetFrame.Shortest)]);
        call.Stack.Push(ok ? length : Failed);
        return CatchResult.Ok;
    }

    private int Load(MethodCall call)
    {
        uint address = call.Stack.Pop();
        OpenFirmware firmware = call.Firmware;
        if (FindProgram(firmware, call.Instance, null) is not { } program)
        {
            return CatchResult.Abort;
        }

        // Whatever the client does with its own memory, the firmware's is not the server's to fill.
        ulong own = firmware.OwnMemory.Start;
        long room = firmware.OwnMemory.Size > 0 && own > address ? (long)(own - address) : uint.MaxValue;
        long size = firmware.OwnMemory.Overlaps(new MemoryRange(address, 1)) ? -1 : program.Load(call.Space, address, room);
        if (size < 0)
        {
            return CatchResult.Abort;
        }

        SetBootPath(firmware, call.Instance, program);
        call.Stack.Push((uint)size);
        return CatchResult.Ok;
    }

    private static void SetBootPath(OpenFirmware firmware, Instance instance, BootProgram program) =>
        firmware.Tree.Root.Child("chosen")?.TrySet("bootpath"u8, System.Text.Encoding.Latin1.GetBytes($"{instance.Node.Path}:{program.DeviceArguments}\0"));
}

using System.Buffers.Binary;
using Firmament.Core.Time;
using Firmament.DeviceTree;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Firmware.Hypercalls;

/// <summary>
/// ePAPR hypercalls with KVM's instructions: plain `sc` in supervisor state with "KVM!" in r0, token in r11, arguments from r3,
/// status in r3, results from r4. `/hypervisor` publishes the instructions; a guest patches them into itself.
/// </summary>
/// <remarks>Not modelled: the magic page, which gains nothing here; interrupt and doorbell calls, which the board's own controller serves.</remarks>
public sealed class EpaprHypercalls : HypercallFrontEnd
{
    /// <summary>r0 of a call: "KVM!".</summary>
    public const uint Magic0 = 0x4b564d21;

    /// <summary>Our own vendor number, "FI"; ePAPR 1.1 leaves numbers to their owners.</summary>
    public const uint Vendor = 0x4649;

    /// <summary>The client interface: r3 = argument array; r3 = 0 or −1.</summary>
    public const uint ClientToken = (Vendor << 16) | 1;

    /// <summary>RTAS: r3 = argument block.</summary>
    public const uint RtasToken = (Vendor << 16) | 2;

    /// <summary>The firmware's own program.</summary>
    public const uint ShellToken = (Vendor << 16) | 3;

    private const uint EpaprVendor = 1u << 16;
    private const uint KvmVendor = 42u << 16;

    private const long Invalid = 8;
    private const long Unimplemented = 12;

    // A byte channel moves at most 16 bytes, packed into four registers (ePAPR 1.1 7.6).
    private const int ChannelBytes = 16;
    private const int ConsoleChannel = 0;

    internal EpaprHypercalls(ServiceDispatcher services)
        : base(services, "epapr", firstArgument: 3, firstResult: 4)
    {
        Table.Add(EpaprVendor | 1, "EV_BYTE_CHANNEL_SEND", 6, 1, static call => Send(call));
        Table.Add(EpaprVendor | 2, "EV_BYTE_CHANNEL_RECEIVE", 2, 5, static call => Receive(call));
        Table.Add(EpaprVendor | 16, "EV_IDLE", 0, 0, static call => Idle(call));
        Table.Add(KvmVendor | 3, "KVM_FEATURES", 0, 1, static call => Features(call));
        Table.Add(ClientToken, "client", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallClient(call.Processor, call[0]));
        Table.Add(RtasToken, "rtas", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallRtas(call.Processor, call[0]));
        Table.Add(ShellToken, "shell", 0, 0, HypercallAccess.Carrier, static call => call.Services.RunShell(call.Processor));
    }

    /// <inheritdoc/>
    public override bool TryIntercept(IProcessor cpu, int level) =>
        level == 0 && (uint)cpu.ReadGpr(0) == Magic0 && TryServe(cpu, (uint)cpu.ReadGpr(11), Unimplemented);

    /// <summary>Writes the node that makes a guest use these calls. Its presence makes Linux a KVM guest.</summary>
    internal static void WriteNode(DeviceNode node)
    {
        // Four instructions, which a guest copies to where its call goes (ePAPR 1.1 7.5).
        Assembler code = new(0);
        code.LoadImmediate(0, Magic0);
        code.Sc(0);
        code.Nop();
        node.SetStrings("compatible", "linux,kvm", "epapr,hypervisor-1.1")
            .Set("hcall-instructions", code.ToArray())
            .SetEmpty("has-idle");
    }

    private static long Idle(HypercallCall call)
    {
        call.Services.Platform.Idle(call.Processor, VirtualTime.Never);
        return 0;
    }

    private static long Features(HypercallCall call)
    {
        call.Return(0, 0);
        return 0;
    }

    private static long Send(HypercallCall call)
    {
        if ((uint)call[0] != ConsoleChannel || (uint)call[1] > ChannelBytes)
        {
            return Invalid;
        }

        Span<byte> bytes = stackalloc byte[ChannelBytes];
        for (int i = 0; i < ChannelBytes / 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(i * 4)..], (uint)call[2 + i]);
        }

        call.Services.Platform.Console.Write(bytes[..(int)(uint)call[1]]);
        call.Return(0, (uint)call[1]);
        return 0;
    }

    private static long Receive(HypercallCall call)
    {
        if ((uint)call[0] != ConsoleChannel || (uint)call[1] > ChannelBytes)
        {
            return Invalid;
        }

        Span<byte> bytes = stackalloc byte[ChannelBytes];
        int count = call.Services.Platform.Console.Read(bytes[..(int)(uint)call[1]]);
        call.Return(0, (uint)count);
        for (int i = 0; i < ChannelBytes / 4; i++)
        {
            call.Return(1 + i, BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 4)..]));
        }

        return 0;
    }
}

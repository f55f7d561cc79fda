using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware;
using Firmament.Firmware.Architecture;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// The two calls by which a firmware that runs inside the partition (SLOF) negotiates for its client: QEMU's private H_CAS and H_UPDATE_DT.
/// A client of the host's Open Firmware uses the root node's method instead.
/// </summary>
internal sealed class ProcessorArchitectureHypercalls
{
    private const uint ReplyVersion = 1;
    private const int ReplyHeaderBytes = 4;
    private const ulong RealAddressMask = ulong.MaxValue >> 4;
    private const int MostTreeBytes = 2 << 20;

    private readonly IArchitectureHost _host;
    private readonly GuestMemory _ram;
    private readonly Func<DeviceTree.DeviceTree?> _tree;

    /// <summary>Makes the calls.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="ram">Where vector and reply lie.</param>
    /// <param name="tree">The live tree, flattened into the reply.</param>
    public ProcessorArchitectureHypercalls(IArchitectureHost host, GuestMemory ram, Func<DeviceTree.DeviceTree?> tree)
    {
        _host = host;
        _ram = ram;
        _tree = tree;
    }

    /// <summary>Adds the rows.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0xf002, "H_CAS", 3, 0, Negotiate);
        table.Add(0xf003, "H_UPDATE_DT", 1, 0, CheckTree);
    }

    /// <summary>Vector, buffer, its size. The buffer gets a version and the whole tree; too small a buffer changes the machine all the same.</summary>
    private long Negotiate(HypercallCall call)
    {
        if (_tree() is not { } tree)
        {
            return PaprStatus.Function;
        }

        long status = ArchitectureNegotiation.Run(_host, tree, new GuestAddressSpace(_ram, null), call[0] & RealAddressMask);
        if (status != PaprStatus.Success)
        {
            return status;
        }

        byte[] blob = FlattenedTree.Write(tree, new FdtWriteOptions { Phandles = FdtPhandles.All });
        byte[] reply = new byte[ReplyHeaderBytes + blob.Length];
        BinaryPrimitives.WriteUInt32BigEndian(reply, ReplyVersion);
        blob.CopyTo(reply, ReplyHeaderBytes);
        return (ulong)reply.Length <= call[2] && _ram.TryWrite(new PhysicalAddress(call[1] & RealAddressMask), reply)
            ? PaprStatus.Success
            : PaprStatus.Parameter;
    }

    /// <summary>The tree that the firmware will hand to its client. It is the firmware's own; here it is only checked.</summary>
    private long CheckTree(HypercallCall call)
    {
        ulong address = call[0] & RealAddressMask;
        return _ram.TryReadUInt32(new PhysicalAddress(address + 4), out uint size) && size <= MostTreeBytes
            && _ram.TrySlice(new PhysicalAddress(address), size, out ReadOnlySpan<byte> blob)
            && FlattenedTree.TryRead(blob, out _, out _)
            ? PaprStatus.Success
            : PaprStatus.Parameter;
    }
}

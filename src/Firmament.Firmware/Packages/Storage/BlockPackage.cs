using Firmament.Firmware.Booting;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>
/// A disk or CD (IEEE 1275-1994 3.7.3, device_type "block"). Its arguments choose a partition or a file, as the support package "disk-label" has them;
/// `read`, `write` and `seek` then work within it.
/// </summary>
/// <remarks>`read-blocks` and `write-blocks` always name blocks of the whole device.</remarks>
public sealed class BlockPackage : IPackage, IBootSource
{
    private const uint Failed = uint.MaxValue;

    // What an instance keeps in its slots: the buffer's address, and the window of the device that its arguments chose.
    private const int Buffer = 0;
    private const int Start = 1;
    private const int Length = 2;

    private static readonly MethodTable<BlockPackage> Methods = new()
    {
        { "open", "-- ok?", static (disk, call) => { call.Stack.Push(disk.Open(call)); return CatchResult.Ok; } },
        { "close", "--", static (disk, call) => disk.Close(call) },
        { "read", "addr len -- actual", static (disk, call) => disk.Read(call) },
        { "write", "addr len -- actual", static (disk, call) => disk.Write(call) },
        { "seek", "pos.lo pos.hi -- status", static (_, call) => Seek(call) },
        { "load", "addr -- size", static (disk, call) => disk.Load(call) },
        { "block-size", "-- n", static (disk, call) => Answer(call, (uint)disk._driver.BlockSize) },
        { "#blocks", "-- n", static (disk, call) => Answer(call, (uint)Math.Min(disk._driver.BlockCount, uint.MaxValue)) },
        { "#blocks64", "-- d", static (disk, call) => AnswerDouble(call, disk._driver.BlockCount) },
        { "max-transfer", "-- n", static (disk, call) => Answer(call, disk._driver.MaxTransfer) },
        { "read-blocks", "addr block# #blocks -- #read", static (disk, call) => disk.TransferBlocks(call, write: false) },
        { "write-blocks", "addr block# #blocks -- #written", static (disk, call) => disk.TransferBlocks(call, write: true) },
        { "offset", "d.rel -- d.abs", static (_, call) => Offset(call) },
        { "dma-alloc", "size -- virt", static (_, call) => DmaMemory.Allocate(call) },
        { "dma-free", "virt size --", static (_, call) => DmaMemory.Free(call) },
    };

    private readonly IBlockDriver _driver;

    /// <summary>Gives a device methods.</summary>
    public BlockPackage(IBlockDriver driver) => _driver = driver;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    /// <inheritdoc/>
    public BootProgram? FindProgram(OpenFirmware firmware, Instance instance, string? file) =>
        Volume(firmware, instance)?.FindProgram(Transfer(firmware, instance), instance.Node.Path, VolumeArguments.Parse(instance.Arguments), file);

    private static int Answer(MethodCall call, uint value)
    {
        call.Stack.Push(value);
        return CatchResult.Ok;
    }

    private static int AnswerDouble(MethodCall call, ulong value)
    {
        call.Stack.PushDouble(value);
        return CatchResult.Ok;
    }

    private bool Open(MethodCall call)
    {
        if (!_driver.TryStart())
        {
            return false;
        }

        Instance instance = call.Instance;
        if (call.Firmware.Memory.TryClaimHighest(ByteTransfer.BufferBytes, 4096, out instance.Slots[Buffer]))
        {
            if (Volume(call.Firmware, instance) is { } volume)
            {
                instance.Slots[Start] = (ulong)volume.Start;
                instance.Slots[Length] = (ulong)(volume.File?.Length ?? volume.Window.Length);
                return true;
            }

            _ = call.Firmware.Memory.TryRelease(instance.Slots[Buffer], ByteTransfer.BufferBytes);
        }

        _driver.Stop();
        return false;
    }

    private int Close(MethodCall call)
    {
        _ = call.Firmware.Memory.TryRelease(call.Instance.Slots[Buffer], ByteTransfer.BufferBytes);
        _driver.Stop();
        return CatchResult.Ok;
    }

    private ByteTransfer Transfer(OpenFirmware firmware, Instance instance) => new(_driver, firmware.Platform.Ram, instance.Slots[Buffer]);

    private DiskVolume? Volume(OpenFirmware firmware, Instance instance) =>
        (DiskVolume?)(instance.Cache ??= DiskVolume.Open(Transfer(firmware, instance), VolumeArguments.Parse(instance.Arguments)));

    private static int Seek(MethodCall call)
    {
        ulong position = call.Stack.PopDouble();
        bool inside = position <= call.Instance.Slots[Length];
        if (inside)
        {
            call.Instance.Position = position;
        }

        call.Stack.Push(inside ? 0 : Failed);
        return CatchResult.Ok;
    }

    private int Read(MethodCall call)
    {
        ulong length = Clip(call, out uint address);
        Instance instance = call.Instance;
        ulong done;
        if (HasFile(instance))
        {
            done = Volume(call.Firmware, instance)?.File is { } file ? FileTransfer.Read(file, (long)instance.Position, call.Space, address, length) : 0;
        }
        else
        {
            done = Transfer(call.Firmware, instance).Read((long)(instance.Slots[Start] + instance.Position), call.Space, address, length);
        }

        return Finish(call, done, length);
    }

    private int Write(MethodCall call)
    {
        ulong length = Clip(call, out uint address);
        Instance instance = call.Instance;
        ulong done = HasFile(instance) || _driver.IsReadOnly
            ? 0
            : Transfer(call.Firmware, instance).Write((long)(instance.Slots[Start] + instance.Position), call.Space, address, length);
        return Finish(call, done, length);
    }

    private static bool HasFile(Instance instance) => VolumeArguments.Parse(instance.Arguments).Path.Length != 0;

    /// <summary>Takes ( addr len ) and cuts the length at the end of the window.</summary>
    private static ulong Clip(MethodCall call, out uint address)
    {
        uint length = call.Stack.Pop();
        address = call.Stack.Pop();
        ulong end = call.Instance.Slots[Length];
        return Math.Min(length, end - Math.Min(end, call.Instance.Position));
    }

    private static int Finish(MethodCall call, ulong done, ulong wanted)
    {
        call.Instance.Position += done;
        call.Stack.Push(done == 0 && wanted > 0 ? Failed : (uint)done);
        return CatchResult.Ok;
    }

    /// <summary>yaboot gives address and block number the other way round; it reads by `seek` and `read` when this fails.</summary>
    private int TransferBlocks(MethodCall call, bool write)
    {
        uint count = call.Stack.Pop();
        uint block = call.Stack.Pop();
        uint address = call.Stack.Pop();
        ulong size = (ulong)_driver.BlockSize;
        bool inside = block <= _driver.BlockCount && count <= _driver.BlockCount - block && !(write && _driver.IsReadOnly);
        ByteTransfer transfer = Transfer(call.Firmware, call.Instance);
        ulong bytes = !inside ? 0
            : write ? transfer.Write((long)(block * size), call.Space, address, count * size)
            : transfer.Read((long)(block * size), call.Space, address, count * size);
        call.Stack.Push((uint)(bytes / size));
        return CatchResult.Ok;
    }

    private int Load(MethodCall call)
    {
        uint address = call.Stack.Pop();
        return BootProgram.LoadMethod(FindProgram(call.Firmware, call.Instance, null), call, address);
    }

    private static int Offset(MethodCall call) => AnswerDouble(call, call.Stack.PopDouble() + call.Instance.Slots[Start]);
}

using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>The blocks of an open device by its methods: what the support package "deblocker" stands on.</summary>
/// <param name="firmware">The firmware.</param>
/// <param name="device">The open device.</param>
internal sealed class ParentBlocks(OpenFirmware firmware, Instance device) : IBlocks
{
    private const uint DefaultTransfer = 0x1_0000;

    /// <inheritdoc/>
    public int BlockSize { get; } = (int)Math.Clamp(firmware.Ask(device, "block-size"u8) ?? 512, 1, ByteTransfer.BufferBytes);

    /// <inheritdoc/>
    public ulong BlockCount { get; } = firmware.Ask(device, "#blocks"u8) ?? (ulong)long.MaxValue / ByteTransfer.BufferBytes;

    /// <inheritdoc/>
    public uint MaxTransfer => Math.Max((uint)BlockSize, (firmware.Ask(device, "max-transfer"u8) ?? DefaultTransfer) / (uint)BlockSize * (uint)BlockSize);

    /// <inheritdoc/>
    public bool TryRead(ulong block, uint count, ulong address) => Transfer("read-blocks"u8, block, count, address);

    /// <inheritdoc/>
    public bool TryWrite(ulong block, uint count, ulong address) => Transfer("write-blocks"u8, block, count, address);

    private bool Transfer(ReadOnlySpan<byte> method, ulong block, uint count, ulong address)
    {
        DataStack stack = new();
        stack.Push((uint)address);
        stack.Push((uint)block);
        stack.Push(count);
        return block <= uint.MaxValue && firmware.CallMethod(device, method, firmware.Physical, stack) == CatchResult.Ok && stack.Pop() == count;
    }
}

using Firmament.Core.Memory;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>The bytes of an open device by its methods `seek` and `read`: what the support package "disk-label" stands on.</summary>
/// <param name="firmware">The firmware.</param>
/// <param name="device">The open device.</param>
/// <param name="buffer">Physical address of <see cref="ByteTransfer.BufferBytes"/> of memory.</param>
internal sealed class ParentBytes(OpenFirmware firmware, Instance device, ulong buffer) : IDirectSource
{
    /// <inheritdoc/>
    public int BlockSize { get; } = (int)Math.Clamp(firmware.Ask(device, "block-size"u8) ?? 512, 512, 4096);

    /// <inheritdoc/>
    public long Length => firmware.Ask(device, "#blocks"u8) is { } blocks and not 0 ? (long)blocks * BlockSize : long.MaxValue;

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int part = Math.Min(destination.Length, (int)ByteTransfer.BufferBytes);
            if (Read(offset, firmware.Physical, buffer, (ulong)part) != (ulong)part
                || !firmware.Platform.Ram.TryRead(new PhysicalAddress(buffer), destination[..part]))
            {
                return false;
            }

            offset += part;
            destination = destination[part..];
        }

        return true;
    }

    /// <inheritdoc/>
    public ulong Read(long offset, GuestAddressSpace space, ulong address, ulong length)
    {
        DataStack stack = new();
        stack.PushDouble((ulong)offset);
        const uint Failed = uint.MaxValue;
        if (offset < 0 || firmware.CallMethod(device, "seek"u8, space, stack) != CatchResult.Ok || stack.Pop() == Failed)
        {
            return 0;
        }

        ulong done = 0;
        while (done < length)
        {
            const uint MostAtOnce = 1 << 24;
            stack.Clear();
            stack.Push((uint)(address + done));
            stack.Push((uint)Math.Min(length - done, MostAtOnce));
            uint actual = firmware.CallMethod(device, "read"u8, space, stack) == CatchResult.Ok ? stack.Pop() : 0;
            if (actual is 0 or > MostAtOnce)
            {
                break;
            }

            done += actual;
        }

        return done;
    }
}

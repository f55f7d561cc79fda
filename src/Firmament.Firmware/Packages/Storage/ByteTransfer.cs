using Firmament.Core.Memory;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>
/// Bytes of a device that has blocks. Whole blocks go straight between the device and their place in RAM; what is not a whole block, and what the host
/// itself wants to see, goes through a buffer in RAM.
/// </summary>
/// <param name="blocks">The device.</param>
/// <param name="ram">Guest RAM.</param>
/// <param name="buffer">Physical address of the buffer.</param>
internal sealed class ByteTransfer(IBlocks blocks, GuestMemory ram, ulong buffer) : IDirectSource
{
    /// <summary>Bytes of the buffer: no device here has larger blocks.</summary>
    public const uint BufferBytes = 0x1_0000;

    /// <inheritdoc/>
    public long Length => (long)Math.Min(blocks.BlockCount, (ulong)(long.MaxValue / blocks.BlockSize)) * blocks.BlockSize;

    /// <inheritdoc/>
    public int BlockSize => blocks.BlockSize;

    private uint BufferBlocks => Math.Min(BufferBytes, blocks.MaxTransfer) / (uint)blocks.BlockSize;

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length || destination.Length > Length - offset)
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            int run = FillBuffer(offset, (ulong)destination.Length, out ulong at);
            if (run == 0 || !ram.TryRead(new PhysicalAddress(at), destination[..run]))
            {
                return false;
            }

            destination = destination[run..];
            offset += run;
        }

        return true;
    }

    /// <inheritdoc/>
    public ulong Read(long offset, GuestAddressSpace space, ulong address, ulong length) => Transfer(offset, space, address, length, write: false);

    /// <summary>Writes from a client's memory. As <see cref="Read"/>.</summary>
    public ulong Write(long offset, GuestAddressSpace space, ulong address, ulong length) => Transfer(offset, space, address, length, write: true);

    private ulong Transfer(long offset, GuestAddressSpace space, ulong address, ulong length, bool write)
    {
        ulong done = 0;
        while (done < length)
        {
            ulong step = Step(offset + (long)done, space, address + done, length - done, write);
            if (step == 0)
            {
                break;
            }

            done += step;
        }

        return done;
    }

    private ulong Step(long offset, GuestAddressSpace space, ulong address, ulong length, bool write)
    {
        ulong size = (ulong)blocks.BlockSize;
        if ((ulong)offset % size == 0 && length >= size)
        {
            ulong run = space.FindRun(address, Math.Min(length, blocks.MaxTransfer), write: !write, out PhysicalAddress physical) & ~(size - 1);
            if (run > 0)
            {
                (ulong block, uint count) = ((ulong)offset / size, (uint)(run / size));
                bool ok = write ? blocks.TryWrite(block, count, physical.Value) : blocks.TryRead(block, count, physical.Value);
                return ok ? run : 0;
            }
        }

        return write ? WriteThroughBuffer(offset, space, address, length) : ReadThroughBuffer(offset, space, address, length);
    }

    private ulong ReadThroughBuffer(long offset, GuestAddressSpace space, ulong address, ulong length)
    {
        int run = FillBuffer(offset, Math.Min(length, (ulong)blocks.BlockSize), out ulong at);
        return run > 0 && ram.TrySlice(new PhysicalAddress(at), (ulong)run, out ReadOnlySpan<byte> bytes) && space.TryWrite(address, bytes) ? (ulong)run : 0;
    }

    private ulong WriteThroughBuffer(long offset, GuestAddressSpace space, ulong address, ulong length)
    {
        int run = FillBuffer(offset, Math.Min(length, (ulong)blocks.BlockSize), out ulong at);
        byte[] bytes = new byte[run];
        bool ok = run > 0 && space.TryRead(address, bytes) && ram.TryWrite(new PhysicalAddress(at), bytes);
        ulong first = (ulong)offset / (ulong)blocks.BlockSize;
        uint count = (uint)((at - buffer + (ulong)run + (ulong)blocks.BlockSize - 1) / (ulong)blocks.BlockSize);
        return ok && blocks.TryWrite(first, count, buffer) ? (ulong)run : 0;
    }

    /// <summary>Reads the blocks that hold the first bytes from <paramref name="offset"/> on. Returns how many of the bytes are there; 0 on an error.</summary>
    private int FillBuffer(long offset, ulong length, out ulong at)
    {
        ulong size = (ulong)blocks.BlockSize;
        ulong within = (ulong)offset % size;
        ulong first = (ulong)offset / size;
        ulong count = Math.Min((within + length + size - 1) / size, BufferBlocks);
        count = Math.Min(count, blocks.BlockCount - Math.Min(first, blocks.BlockCount));
        at = buffer + within;
        return count > 0 && blocks.TryRead(first, (uint)count, buffer) ? (int)Math.Min(length, (count * size) - within) : 0;
    }
}

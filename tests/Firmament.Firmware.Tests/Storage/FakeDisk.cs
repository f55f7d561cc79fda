using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Tests.Storage;

/// <summary>A disk whose driver moves bytes between an array and guest RAM, and counts what it is asked.</summary>
internal sealed class FakeDisk(GuestMemory ram, byte[] contents, int blockSize = 512) : IBlockDriver
{
    public int Started { get; private set; }

    public List<(ulong Block, uint Count)> Reads { get; } = [];

    public bool Fails { get; set; }

    public byte[] Contents => contents;

    public int BlockSize => blockSize;

    public ulong BlockCount => (ulong)(contents.Length / blockSize);

    public uint MaxTransfer => 0x2_0000;

    public bool IsReadOnly { get; set; }

    public bool TryStart()
    {
        Started += Fails ? 0 : 1;
        return !Fails;
    }

    public void Stop() => Started--;

    public bool TryRead(ulong block, uint count, ulong address)
    {
        Assert.True(Started > 0);
        Assert.True(count * blockSize <= MaxTransfer);
        Reads.Add((block, count));
        return !Fails && block + count <= BlockCount
            && ram.TryWrite(new PhysicalAddress(address), contents.AsSpan((int)block * blockSize, (int)count * blockSize));
    }

    public bool TryWrite(ulong block, uint count, ulong address)
    {
        Assert.True(Started > 0);
        return !Fails && !IsReadOnly && block + count <= BlockCount
            && ram.TryRead(new PhysicalAddress(address), contents.AsSpan((int)block * blockSize, (int)count * blockSize));
    }

    public void Visit(StateVisitor state)
    {
    }
}

using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Ide;

/// <summary>An ATA disk: 28- and 48-bit addresses, by the bus master, and by the data register for addresses that it cannot reach. Source: ATA/ATAPI-7 volume 1.</summary>
/// <param name="channel">Its channel.</param>
/// <param name="drive">0 or 1.</param>
public sealed class AtaBlockDriver(IdeChannelDriver channel, int drive) : CountedDriver, IBlockDriver
{
    private const int SectorSize = 512;
    private const uint MostLong = 2048;
    private const uint MostShort = 256;
    private const byte Lba = 0x40;
    private const byte Identify = 0xec;
    private const uint SectorCount = 2;
    private const uint LbaLow = 3;
    private const uint LbaMid = 4;
    private const uint LbaHigh = 5;

    private ulong _sectors;
    private bool _isLong;
    private bool _hasDma;
    private bool _holdsChannel;

    /// <inheritdoc/>
    public int BlockSize => SectorSize;

    /// <inheritdoc/>
    public ulong BlockCount => _sectors;

    /// <inheritdoc/>
    public uint MaxTransfer => (_isLong ? MostLong : MostShort) * SectorSize;

    /// <inheritdoc/>
    /// <remarks>ATA has no way to tell; writing to a protected disk fails.</remarks>
    public bool IsReadOnly => false;

    private string Name => $"{channel.Name} drive {drive}";

    /// <inheritdoc/>
    public bool TryRead(ulong block, uint count, ulong address) => TryMove(block, count, address, isWrite: false);

    /// <inheritdoc/>
    public bool TryWrite(ulong block, uint count, ulong address)
    {
        const byte FlushCache = 0xe7;
        const byte FlushCacheExt = 0xea;
        if (!TryMove(block, count, address, isWrite: true))
        {
            return false;
        }

        return (channel.TrySelect(drive, Lba) && TryStartAndEnd(_isLong ? FlushCacheExt : FlushCache)) || Fail("flush");
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("sectors", ref _sectors);
        state.Field("long", ref _isLong);
        state.Field("dma", ref _hasDma);
        state.Field("channel", ref _holdsChannel);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        _holdsChannel = channel.TryStart();
        if (!_holdsChannel)
        {
            return false;
        }

        Span<byte> identity = stackalloc byte[SectorSize];
        if (!channel.TrySelect(drive, 0) || !channel.TryIdentify(Identify, identity))
        {
            return Fail("identify");
        }

        const int CapabilitiesWord = 49;
        const int DmaCapable = 0x100;
        const int LbaCapable = 0x200;
        const int CommandSetWord = 83;
        const int LongAddresses = 0x400;
        int capabilities = Word(identity, CapabilitiesWord);
        _hasDma = (capabilities & DmaCapable) != 0;
        _isLong = (Word(identity, CommandSetWord) & LongAddresses) != 0;
        _sectors = _isLong ? BinaryPrimitives.ReadUInt64LittleEndian(identity[200..]) : BinaryPrimitives.ReadUInt32LittleEndian(identity[120..]);
        return (capabilities & LbaCapable) != 0 || Fail("addresses by cylinder only");
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        if (_holdsChannel)
        {
            channel.Stop();
            _holdsChannel = false;
        }
    }

    private static int Word(ReadOnlySpan<byte> identity, int word) => BinaryPrimitives.ReadUInt16LittleEndian(identity[(2 * word)..]);

    private bool TryMove(ulong block, uint count, ulong address, bool isWrite)
    {
        if (!IsRunning || block > _sectors || count > _sectors - block || count * (ulong)SectorSize > MaxTransfer)
        {
            return Fail($"{count} blocks from {block}: outside its {(IsRunning ? _sectors : 0)} blocks, or too many at once");
        }

        if (count == 0)
        {
            return true;
        }

        if (!channel.TrySelect(drive, _isLong ? Lba : (byte)(Lba | (block >> 24 & 15))))
        {
            return Fail("it does not take commands");
        }

        WriteAddress(block, count);
        bool usesMaster = _hasDma && channel.TryPrepareMaster(address, count * SectorSize, toMemory: !isWrite);
        bool ok = usesMaster ? TryMoveByMaster(isWrite) : isWrite ? TryGive(count, address) : TryTake(count, address);
        if (!ok)
        {
            channel.Recover();
        }

        return ok || Fail($"{count} blocks from {block}: error");
    }

    private void WriteAddress(ulong block, uint count)
    {
        if (_isLong)
        {
            // Each register holds two bytes; the high one is written first (ATA/ATAPI-7 6.2).
            channel.Write(SectorCount, (byte)(count >> 8));
            channel.Write(LbaLow, (byte)(block >> 24));
            channel.Write(LbaMid, (byte)(block >> 32));
            channel.Write(LbaHigh, (byte)(block >> 40));
        }

        channel.Write(SectorCount, (byte)count);
        channel.Write(LbaLow, (byte)block);
        channel.Write(LbaMid, (byte)(block >> 8));
        channel.Write(LbaHigh, (byte)(block >> 16));
    }

    private bool TryMoveByMaster(bool isWrite)
    {
        channel.Start((_isLong, isWrite) switch { (true, false) => 0x25, (true, true) => 0x35, (false, false) => 0xc8, _ => 0xca });
        return channel.TryRunMaster(toMemory: !isWrite);
    }

    private bool TryTake(uint count, ulong address)
    {
        Span<byte> sector = stackalloc byte[SectorSize];
        channel.Start(_isLong ? (byte)0x24 : (byte)0x20);
        for (uint i = 0; i < count; i++)
        {
            if (!channel.TryWaitBlock(out bool hasBlock) || !hasBlock)
            {
                return false;
            }

            channel.ReadData(sector);
            if (!channel.Host.Ram.TryWrite(new PhysicalAddress(address + (i * (ulong)SectorSize)), sector))
            {
                return false;
            }
        }

        return channel.TryWaitBlock(out _);
    }

    private bool TryGive(uint count, ulong address)
    {
        Span<byte> sector = stackalloc byte[SectorSize];
        channel.Start(_isLong ? (byte)0x34 : (byte)0x30);
        for (uint i = 0; i < count; i++)
        {
            if (!channel.TryWaitBlock(out bool hasBlock) || !hasBlock
                || !channel.Host.Ram.TryRead(new PhysicalAddress(address + (i * (ulong)SectorSize)), sector))
            {
                return false;
            }

            channel.WriteData(sector);
        }

        return channel.TryWaitBlock(out _);
    }

    private bool TryStartAndEnd(byte command)
    {
        channel.Start(command);
        return channel.TryWaitBlock(out bool hasBlock) && !hasBlock;
    }

    private bool Fail(string problem)
    {
        channel.Host.Report(Name, problem);
        return false;
    }
}

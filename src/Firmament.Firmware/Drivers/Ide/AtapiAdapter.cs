using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Firmware.Drivers.Ide;

/// <summary>A packet device on an IDE channel as a SCSI adapter with one unit, number 0. Source: ATA/ATAPI-7 volume 1, 6.24 (PACKET).</summary>
/// <param name="channel">Its channel.</param>
/// <param name="drive">0 or 1.</param>
public sealed class AtapiAdapter(IdeChannelDriver channel, int drive) : IScsiAdapter
{
    private const uint LargestTransfer = 1 << 20;
    private const int PacketLength = 12;
    private const int MostSenseLength = 18;
    private const byte CheckCondition = 2;
    private const uint ErrorFeatures = 1;
    private const uint ByteCountLow = 4;
    private const uint ByteCountHigh = 5;

    /// <inheritdoc/>
    public string Name => $"{channel.Name} drive {drive}";

    /// <inheritdoc/>
    public uint MaxTransfer => LargestTransfer;

    /// <inheritdoc/>
    public bool TryStart()
    {
        const byte IdentifyPacketDevice = 0xa1;
        const int PacketDevice = 2;
        if (!channel.TryStart())
        {
            return false;
        }

        Span<byte> identity = stackalloc byte[512];
        if (channel.TrySelect(drive, 0) && channel.TryIdentify(IdentifyPacketDevice, identity)
            && BinaryPrimitives.ReadUInt16LittleEndian(identity) >> 14 == PacketDevice)
        {
            return true;
        }

        channel.Host.Report(Name, "no packet device answers");
        channel.Stop();
        return false;
    }

    /// <inheritdoc/>
    public void Stop() => channel.Stop();

    /// <inheritdoc/>
    public bool TryExecute(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data, out ScsiOutcome outcome)
    {
        const byte RequestSense = 0x03;
        outcome = default;
        if (!TryPacket(command, data, default, out bool failed, out _))
        {
            channel.Recover();
            return false;
        }

        if (!failed)
        {
            return true;
        }

        Span<byte> sense = stackalloc byte[MostSenseLength];
        if (!TryPacket([RequestSense, 0, 0, 0, MostSenseLength, 0], ScsiRequest.Empty, sense, out failed, out int length))
        {
            channel.Recover();
            return false;
        }

        outcome = ScsiOutcome.FromSense(CheckCondition, failed ? default : sense[..length]);
        return true;
    }

    /// <inheritdoc/>
    public void ResetUnit(ulong unit)
    {
        // The channel resets its drives when it comes to rest.
    }

    /// <summary>Runs a packet command. False when the protocol broke; a command that failed is told by <paramref name="failed"/>.</summary>
    /// <param name="command">The command, at most 12 bytes.</param>
    /// <param name="data">Its data, from or to RAM.</param>
    /// <param name="reply">Where data from the device goes instead, when this is not empty.</param>
    /// <param name="failed">The device reported an error.</param>
    /// <param name="moved">Bytes that went into <paramref name="reply"/>.</param>
    private bool TryPacket(ReadOnlySpan<byte> command, ScsiRequest data, Span<byte> reply, out bool failed, out int moved)
    {
        const byte Packet = 0xa0;
        const byte ByMaster = 1;
        const uint MostBytes = 0xf800;
        (failed, moved) = (false, 0);
        if (command.Length > PacketLength || !channel.TrySelect(drive, 0))
        {
            return false;
        }

        bool toMemory = data.Direction == ScsiDirection.In;
        bool usesMaster = data.Length >= 512 && channel.TryPrepareMaster(data.Address, data.Length, toMemory);
        channel.Write(ErrorFeatures, usesMaster ? ByMaster : (byte)0);
        channel.Write(ByteCountLow, unchecked((byte)MostBytes));
        channel.Write(ByteCountHigh, (byte)(MostBytes >> 8));
        channel.Start(Packet);
        if (!channel.TryWaitBlock(out bool hasBlock) || !hasBlock)
        {
            return false;
        }

        Span<byte> packet = stackalloc byte[PacketLength];
        packet.Clear();
        command.CopyTo(packet);
        channel.WriteData(packet);
        if (usesMaster)
        {
            failed = !channel.TryRunMaster(toMemory);
            return true;
        }

        return TryMoveBlocks(data, reply, out failed, out moved);
    }

    /// <summary>Moves data by the data register, in blocks of as many bytes as the device says, until it has no more.</summary>
    private bool TryMoveBlocks(ScsiRequest data, Span<byte> reply, out bool failed, out int moved)
    {
        const int MostBlocks = 65536;
        (failed, moved) = (false, 0);
        uint done = 0;
        Span<byte> chunk = stackalloc byte[512];
        for (int i = 0; i < MostBlocks; i++)
        {
            failed = !channel.TryWaitBlock(out bool hasBlock);
            if (failed || !hasBlock)
            {
                return true;
            }

            int count = channel.Read(ByteCountLow) | (channel.Read(ByteCountHigh) << 8);
            while (count > 0)
            {
                Span<byte> part = chunk[..Math.Min(count, chunk.Length)];
                Span<byte> useful = part[..(int)Math.Min((uint)part.Length, (reply.IsEmpty ? data.Length : (uint)reply.Length) - done)];
                PhysicalAddress address = new(data.Address + done);
                part.Clear();
                if (data.Direction == ScsiDirection.Out)
                {
                    _ = channel.Host.Ram.TryRead(address, useful);
                    channel.WriteData(part);
                }
                else
                {
                    channel.ReadData(part[..(part.Length & ~1)]);
                    if (reply.IsEmpty)
                    {
                        _ = channel.Host.Ram.TryWrite(address, useful);
                    }
                    else
                    {
                        useful.CopyTo(reply[(int)done..]);
                    }
                }

                done += (uint)useful.Length;
                count -= part.Length;
            }

            moved = (int)done;
        }

        return false;
    }
}

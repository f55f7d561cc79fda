using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Firmware.Tests.Drivers;

/// <summary>A disk of 4 KiB blocks that reaches beyond 2 TiB and answers what a test queued before it answers what it was asked.</summary>
internal sealed class FakeScsiAdapter(GuestMemory ram) : IScsiAdapter
{
    public const ulong Blocks = (1ul << 32) + 100;

    public Queue<ScsiOutcome> Answers { get; } = new();

    public List<string> Commands { get; } = [];

    public int Starts { get; private set; }

    public bool IsDead { get; set; }

    public byte PeripheralType { get; set; }

    public bool IsWriteProtected { get; set; }

    public string Name => "fake";

    public uint MaxTransfer => 1 << 20;

    public bool TryStart()
    {
        Starts++;
        return true;
    }

    public void Stop() => Starts--;

    public void ResetUnit(ulong unit) => Commands.Add("reset");

    public bool TryExecute(ulong unit, ReadOnlySpan<byte> command, ScsiRequest data, out ScsiOutcome outcome)
    {
        Commands.Add(Convert.ToHexStringLower(command));
        outcome = default;
        if (IsDead)
        {
            return false;
        }

        // INQUIRY is answered whatever happened to a unit (SPC-4 6.4).
        if (command[0] != 0x12 && Answers.TryDequeue(out outcome))
        {
            return true;
        }

        Span<byte> reply = stackalloc byte[32];
        reply.Clear();
        switch (command[0])
        {
            case 0x12:
                reply[0] = PeripheralType;
                break;
            case 0x1a:
                reply[2] = IsWriteProtected ? (byte)0x80 : (byte)0;
                break;
            case 0x25:
                BinaryPrimitives.WriteUInt32BigEndian(reply, uint.MaxValue);
                BinaryPrimitives.WriteUInt32BigEndian(reply[4..], 4096);
                break;
            case 0x9e:
                BinaryPrimitives.WriteUInt64BigEndian(reply, Blocks - 1);
                BinaryPrimitives.WriteUInt32BigEndian(reply[8..], 4096);
                break;
            default:
                return true;
        }

        return ram.TryWrite(new PhysicalAddress(data.Address), reply[..(int)Math.Min(data.Length, 32)]);
    }
}

using System.Buffers.Binary;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// Makes logs of events in version 6 of the platform event log: a fixed part, then sections that begin with their name and size. Source:
/// LoPAPR 1.1 10.3.2; Linux arch/powerpc/include/asm/rtas.h.
/// </summary>
internal static class EventLog
{
    private const int HeaderBytes = 8;
    private const int FormatBytes = 16;
    private const int MainABytes = 48;
    private const int MainBBytes = 24;
    private const int EpowBytes = 20;
    private const int MachineCheckBytes = 40;

    // Version 6, severity "event", not recovered, an extended part follows; type 0x40: environmental and power warning.
    private const uint EpowSummary = 0x0634_0040;

    // Version 6, severity "error, synchronous", not recovered, an extended part follows; met by a CPU; type 0.
    private const uint MachineCheckSummary = 0x0674_1000;

    /// <summary>A log of an environmental and power warning: normal system shutdown of this partition.</summary>
    /// <param name="time">When, UTC.</param>
    /// <param name="id">The platform's number of the log.</param>
    public static byte[] Shutdown(DateTime time, uint id)
    {
        byte[] log = new byte[HeaderBytes + FormatBytes + MainABytes + MainBBytes + EpowBytes];
        Span<byte> rest = Begin(log, EpowSummary, time, id, sections: 3);

        // Subsystem "external environment", informational, subtype "normal shutdown".
        BeginSection(rest, "UH"u8, MainBBytes);
        rest[8] = 0xa0;
        rest[11] = 0xd0;
        rest = rest[MainBBytes..];

        // Version 2 has the extended modifier. Action "system shutdown", modifier "normal", of this partition only.
        BeginSection(rest, "EP"u8, EpowBytes);
        rest[4] = 2;
        rest[8] = 3;
        rest[9] = 1;
        rest[10] = 1;
        return log;
    }

    /// <summary>
    /// A log of a machine check that was met synchronously: an uncorrectable error of unknown place, since what nothing answers has no place.
    /// </summary>
    /// <param name="time">When, UTC.</param>
    /// <param name="id">The platform's number of the log.</param>
    /// <param name="cpu">Which CPU.</param>
    public static byte[] MachineCheck(DateTime time, uint id, uint cpu)
    {
        byte[] log = new byte[HeaderBytes + FormatBytes + MainABytes + MachineCheckBytes];
        Span<byte> rest = Begin(log, MachineCheckSummary, time, id, sections: 2);

        // Type and subtype 0: uncorrectable, indeterminate; neither address is given.
        BeginSection(rest, "MC"u8, MachineCheckBytes);
        BinaryPrimitives.WriteUInt32BigEndian(rest[12..], cpu);
        return log;
    }

    /// <summary>The fixed part, the format, and the section every log begins with. Returns what is left.</summary>
    private static Span<byte> Begin(byte[] log, uint summary, DateTime time, uint id, byte sections)
    {
        Span<byte> rest = log;
        BinaryPrimitives.WriteUInt32BigEndian(rest, summary);
        BinaryPrimitives.WriteUInt32BigEndian(rest[4..], (uint)(log.Length - HeaderBytes));
        rest = rest[HeaderBytes..];

        // Valid, new, big-endian; PowerPC format, platform event; company "IBM".
        rest[0] = 0x86;
        rest[2] = 0x8e;
        "IBM\0"u8.CopyTo(rest[12..]);
        rest = rest[FormatBytes..];

        BeginSection(rest, "PH"u8, MainABytes);
        ReadOnlySpan<int> date = [time.Year / 100, time.Year % 100, time.Month, time.Day, time.Hour, time.Minute, time.Second, 0];
        for (int i = 0; i < date.Length; i++)
        {
            rest[8 + i] = (byte)((date[i] / 10 << 4) | (date[i] % 10));
        }

        // Created by the hypervisor.
        rest[24] = (byte)'H';
        rest[27] = sections;
        BinaryPrimitives.WriteUInt32BigEndian(rest[40..], id);
        return rest[MainABytes..];
    }

    private static void BeginSection(Span<byte> section, ReadOnlySpan<byte> name, int size)
    {
        name.CopyTo(section);
        BinaryPrimitives.WriteUInt16BigEndian(section[2..], (ushort)size);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Firmament.Firmware.Nvram;

/// <summary>The division of an NVRAM into partitions, and the variables in the one named "common". Source: LoPAPR 1.1, 8.2; CHRP 1.0, section 8.4.1.</summary>
public static class NvramPartitions
{
    private const int HeaderBytes = 16;
    private const int NameBytes = 12;
    private const byte SystemSignature = 0x70;
    private const byte FreeSignature = 0x7f;
    private const int SystemBytes = 0x1000;

    /// <summary>True when every byte is zero: no operating system has used it.</summary>
    public static bool IsBlank(INvram nvram) => !Read(nvram).AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Makes a partition "common" with firmware variables, and one of free space. Variables that do not fit are left out.</summary>
    /// <returns>False when the NVRAM is too small, or cannot be written.</returns>
    public static bool Format(INvram nvram, IReadOnlyDictionary<string, string> variables)
    {
        if (nvram.Size <= SystemBytes + HeaderBytes)
        {
            return false;
        }

        byte[] bytes = NewPartitions(nvram.Size);
        _ = TryPut(bytes.AsSpan(HeaderBytes, SystemBytes - HeaderBytes), variables);
        return nvram.TryWrite(0, bytes);
    }

    /// <summary>The variables in the partition "common", by name; none when there is no such partition.</summary>
    public static SortedDictionary<string, string> ReadVariables(INvram nvram)
    {
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal);
        byte[] bytes = Read(nvram);
        ReadOnlySpan<byte> area = bytes[FindCommon(bytes)];
        while (area.IndexOf((byte)0) is var end and > 0)
        {
            string text = Encoding.UTF8.GetString(area[..end]);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables[text[..equals]] = text[(equals + 1)..];
            }

            area = area[(end + 1)..];
        }

        return variables;
    }

    /// <summary>Replaces the variables in the partition "common". A blank NVRAM is divided first. One store: the old variables or the new ones.</summary>
    /// <returns>False, with nothing changed, when they do not fit, there is no such partition, or the store failed.</returns>
    public static bool TryWriteVariables(INvram nvram, IReadOnlyDictionary<string, string> variables)
    {
        byte[] bytes = IsBlank(nvram) && nvram.Size > SystemBytes + HeaderBytes ? NewPartitions(nvram.Size) : Read(nvram);
        Range common = FindCommon(bytes);
        return !bytes.AsSpan(common).IsEmpty && TryPut(bytes.AsSpan(common), variables) && nvram.TryWrite(0, bytes);
    }

    private static byte[] Read(INvram nvram)
    {
        byte[] bytes = new byte[nvram.Size];
        _ = nvram.TryRead(0, bytes);
        return bytes;
    }

    /// <summary>The contents of the partition, without its header; empty when the chain of partitions does not lead to one.</summary>
    private static Range FindCommon(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at + HeaderBytes <= bytes.Length;)
        {
            ReadOnlySpan<byte> header = bytes.Slice(at, HeaderBytes);
            int length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]) * HeaderBytes;
            if (length == 0 || length > bytes.Length - at || header[1] != Checksum(header))
            {
                break;
            }

            if (header[0] == SystemSignature && header.Slice(4, NameBytes).TrimEnd((byte)0).SequenceEqual("common"u8))
            {
                return (at + HeaderBytes)..(at + length);
            }

            at += length;
        }

        return 0..0;
    }

    /// <summary>Writes "name=value" strings and the zero byte that ends the list; the rest becomes zeros. False when some did not fit.</summary>
    private static bool TryPut(Span<byte> area, IReadOnlyDictionary<string, string> variables)
    {
        bool all = true;
        int at = 0;
        area.Clear();
        foreach ((string name, string value) in variables)
        {
            byte[] text = Encoding.UTF8.GetBytes($"{name}={value}\0");
            if (text.Length < area.Length - at)
            {
                text.CopyTo(area[at..]);
                at += text.Length;
            }
            else
            {
                all = false;
            }
        }

        return all;
    }

    private static byte[] NewPartitions(int size)
    {
        byte[] bytes = new byte[size];
        WriteHeader(bytes.AsSpan(0, SystemBytes), SystemSignature, "common");
        WriteHeader(bytes.AsSpan(SystemBytes), FreeSignature, new string('w', NameBytes));
        return bytes;
    }

    private static void WriteHeader(Span<byte> partition, byte signature, string name)
    {
        partition[0] = signature;
        BinaryPrimitives.WriteUInt16BigEndian(partition[2..], (ushort)(partition.Length / HeaderBytes));
        Encoding.ASCII.GetBytes(name, partition.Slice(4, NameBytes));
        partition[1] = Checksum(partition);
    }

    /// <summary>The sum of the header's bytes but itself, with end-around carry.</summary>
    private static byte Checksum(ReadOnlySpan<byte> header)
    {
        int sum = header[0];
        foreach (byte b in header[2..HeaderBytes])
        {
            sum += b;
            sum = (sum & 0xff) + (sum >> 8);
        }

        return (byte)sum;
    }
}

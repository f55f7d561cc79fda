using System.Buffers.Binary;
using System.Text;

namespace Firmament.Firmware.Nvram;

/// <summary>The division of an NVRAM into partitions. Source: LoPAPR 1.1, 8.2; CHRP 1.0, section 8.4.1.</summary>
public static class NvramPartitions
{
    private const int HeaderBytes = 16;
    private const int NameBytes = 12;
    private const byte SystemSignature = 0x70;
    private const byte FreeSignature = 0x7f;
    private const int SystemBytes = 0x1000;

    /// <summary>True when every byte is zero: no operating system has used it.</summary>
    public static bool IsBlank(INvram nvram)
    {
        byte[] bytes = new byte[nvram.Size];
        return nvram.TryRead(0, bytes) && !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>Makes a partition "common" with firmware variables, and one of free space. Variables that do not fit are left out.</summary>
    /// <returns>False when the NVRAM is too small, or cannot be written.</returns>
    public static bool Format(INvram nvram, IReadOnlyDictionary<string, string> variables)
    {
        if (nvram.Size <= SystemBytes + HeaderBytes)
        {
            return false;
        }

        byte[] bytes = new byte[nvram.Size];
        WriteHeader(bytes.AsSpan(0, SystemBytes), SystemSignature, "common");
        int at = HeaderBytes;
        foreach ((string name, string value) in variables)
        {
            byte[] text = Encoding.UTF8.GetBytes($"{name}={value}\0");
            // One more zero ends the list.
            if (at + text.Length < SystemBytes)
            {
                text.CopyTo(bytes, at);
                at += text.Length;
            }
        }

        WriteHeader(bytes.AsSpan(SystemBytes), FreeSignature, new string('w', NameBytes));
        return nvram.TryWrite(0, bytes);
    }

    private static void WriteHeader(Span<byte> partition, byte signature, string name)
    {
        partition[0] = signature;
        BinaryPrimitives.WriteUInt16BigEndian(partition[2..], (ushort)(partition.Length / HeaderBytes));
        Encoding.ASCII.GetBytes(name, partition.Slice(4, NameBytes));
        int sum = signature;
        foreach (byte b in partition[2..HeaderBytes])
        {
            sum += b;
            sum = (sum & 0xff) + (sum >> 8);
        }

        partition[1] = (byte)sum;
    }
}

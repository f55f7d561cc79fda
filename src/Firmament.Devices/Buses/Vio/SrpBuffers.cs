using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Devices.Storage;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// The initiator's memory for one SRP command: direct and indirect descriptors of each direction, from the command itself and from a table
/// in memory. Source: ANSI T10 SRP (r16a) 5.6.2, 6.8.
/// </summary>
/// <remarks>At most <see cref="MostDescriptors"/> descriptors are looked at, so that no table, however long, holds the host up.</remarks>
internal sealed class SrpBuffers : IScsiBuffers
{
    /// <summary>Descriptors of one direction.</summary>
    public const int MostDescriptors = 4096;

    private const int DirectFormat = 1;
    private const int IndirectFormat = 2;
    private const int DescriptorLength = 16;
    private const int IndirectHeaderLength = DescriptorLength + 4;
    private const int FixedLength = 48;

    private readonly IDmaSpace _dma;
    private readonly List<(ulong Address, uint Length)> _in = [];
    private readonly List<(ulong Address, uint Length)> _out = [];

    private SrpBuffers(IDmaSpace dma) => _dma = dma;

    /// <inheritdoc/>
    public long InLength { get; private set; }

    /// <inheritdoc/>
    public long OutLength { get; private set; }

    /// <summary>Reads the descriptors of an SRP_CMD. Null when its formats, counts or tables make no sense.</summary>
    /// <param name="dma">The adapter's window.</param>
    /// <param name="command">The information unit as received; bytes beyond its length are not looked at.</param>
    public static SrpBuffers? Parse(IDmaSpace dma, ReadOnlySpan<byte> command)
    {
        SrpBuffers buffers = new(dma);
        // Descriptors follow the CDB and its extension, those of data-out first.
        int at = FixedLength + (command[31] & ~3);
        if (!buffers.TryAdd(buffers._out, command, ref at, command[5] >> 4, command[6])
            || !buffers.TryAdd(buffers._in, command, ref at, command[5] & 0xf, command[7]))
        {
            return null;
        }

        buffers.OutLength = Sum(buffers._out);
        buffers.InLength = Sum(buffers._in);
        return buffers;
    }

    /// <inheritdoc/>
    public bool TryGive(long offset, ReadOnlySpan<byte> source)
    {
        foreach ((ulong address, uint length) in _in)
        {
            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            int count = (int)Math.Min(source.Length, length - offset);
            if (!_dma.TryWrite(address + (ulong)offset, source[..count]))
            {
                return false;
            }

            source = source[count..];
            offset = 0;
            if (source.IsEmpty)
            {
                return true;
            }
        }

        return source.IsEmpty;
    }

    /// <inheritdoc/>
    public bool TryTake(long offset, Span<byte> destination)
    {
        foreach ((ulong address, uint length) in _out)
        {
            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            int count = (int)Math.Min(destination.Length, length - offset);
            if (!_dma.TryRead(address + (ulong)offset, destination[..count]))
            {
                return false;
            }

            destination = destination[count..];
            offset = 0;
            if (destination.IsEmpty)
            {
                return true;
            }
        }

        return destination.IsEmpty;
    }

    private static long Sum(List<(ulong Address, uint Length)> list)
    {
        long sum = 0;
        foreach ((ulong _, uint length) in list)
        {
            sum += length;
        }

        return sum;
    }

    private bool TryAdd(List<(ulong Address, uint Length)> list, ReadOnlySpan<byte> command, ref int at, int format, int count)
    {
        switch (format)
        {
            case 0:
                return true;
            case DirectFormat when at + DescriptorLength <= command.Length:
                Add(list, command[at..]);
                at += DescriptorLength;
                return true;
            case IndirectFormat when at + IndirectHeaderLength + (count * DescriptorLength) <= command.Length:
                bool ok = TryAddTable(list, command[at..], count);
                at += IndirectHeaderLength + (count * DescriptorLength);
                return ok;
            default:
                return false;
        }
    }

    private bool TryAddTable(List<(ulong Address, uint Length)> list, ReadOnlySpan<byte> indirect, int local)
    {
        ulong table = BinaryPrimitives.ReadUInt64BigEndian(indirect);
        uint tableLength = BinaryPrimitives.ReadUInt32BigEndian(indirect[12..]);
        uint total = tableLength / DescriptorLength;
        if (tableLength % DescriptorLength != 0 || total > MostDescriptors || local > total)
        {
            return false;
        }

        Span<byte> descriptor = stackalloc byte[DescriptorLength];
        for (int i = 0; i < (int)total; i++)
        {
            // Those the command carries are copies of the table's first.
            if (i < local)
            {
                Add(list, indirect[(IndirectHeaderLength + (i * DescriptorLength))..]);
                continue;
            }

            if (!_dma.TryRead(table + ((ulong)i * DescriptorLength), descriptor))
            {
                return false;
            }

            Add(list, descriptor);
        }

        return true;
    }

    private static void Add(List<(ulong Address, uint Length)> list, ReadOnlySpan<byte> descriptor) =>
        list.Add((BinaryPrimitives.ReadUInt64BigEndian(descriptor), BinaryPrimitives.ReadUInt32BigEndian(descriptor[12..])));
}

using System.Buffers.Binary;
using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>
/// The argument array that Open Firmware and RTAS share: service name or token, number of arguments, number of results, then
/// the cells, 32 bits each and big-endian, in guest memory (IEEE 1275-1994 6.3.1; LoPAPR 1.1 7.2.8).
/// </summary>
/// <remarks>
/// It is validated once, when it is read: exactly the cells it says it has are touched, and its result cells are known to be
/// writable before any service runs. Result cells start at zero and reach the guest in one write.
/// </remarks>
public readonly ref struct CallBlock
{
    /// <summary>Cells of the fixed part: service, argument count, result count.</summary>
    public const int HeaderCells = 3;

    /// <summary>Most argument cells, and most result cells, of any front end. More is called absurd and refused.</summary>
    public const int MostCells = 256;

    private readonly Span<uint> _arguments;
    private readonly Span<uint> _results;
    private readonly ulong _address;

    private CallBlock(IProcessor processor, GuestAddressSpace space, ulong address, uint service, Span<uint> arguments, Span<uint> results)
    {
        Processor = processor;
        Space = space;
        _address = address;
        Service = service;
        _arguments = arguments;
        _results = results;
    }

    /// <summary>The calling CPU.</summary>
    public IProcessor Processor { get; }

    /// <summary>What addresses in the cells mean.</summary>
    public GuestAddressSpace Space { get; }

    /// <summary>The first cell: address of the service's name, or a token.</summary>
    public uint Service { get; }

    /// <summary>Number of argument cells the caller gave.</summary>
    public int ArgumentCount => _arguments.Length;

    /// <summary>Number of result cells the caller has room for.</summary>
    public int ResultCount => _results.Length;

    /// <summary>Argument <paramref name="index"/>; 0 where the caller gave fewer.</summary>
    public uint this[int index] => (uint)index < (uint)_arguments.Length ? _arguments[index] : 0;

    /// <summary>The arguments.</summary>
    public ReadOnlySpan<uint> Arguments => _arguments;

    /// <summary>The results as they stand.</summary>
    public ReadOnlySpan<uint> Results => _results;

    /// <summary>Reads and checks an argument array.</summary>
    /// <param name="processor">The calling CPU.</param>
    /// <param name="space">What <paramref name="address"/> and the cells' addresses mean.</param>
    /// <param name="address">Of the array; any alignment.</param>
    /// <param name="cells">Scratch for argument and result cells; its length is the most cells accepted together.</param>
    /// <param name="mostCells">Most argument cells, and most result cells.</param>
    /// <param name="call">The call.</param>
    /// <returns>False when the array has too many cells or is not wholly in memory.</returns>
    public static bool TryRead(
        IProcessor processor, GuestAddressSpace space, ulong address, Span<uint> cells, int mostCells, out CallBlock call)
    {
        call = default;
        Span<byte> header = stackalloc byte[HeaderCells * 4];
        if (!space.TryRead(address, header))
        {
            return false;
        }

        uint service = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint argumentCount = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        uint resultCount = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        mostCells = Math.Min(mostCells, MostCells);
        if (argumentCount > mostCells || resultCount > mostCells || argumentCount + resultCount > cells.Length)
        {
            return false;
        }

        // At most MostCells cells: 1 KiB of host stack.
        Span<byte> argumentBytes = stackalloc byte[(int)argumentCount * 4];
        if (!space.TryRead(address + (HeaderCells * 4), argumentBytes)
            || !space.CanAccess(address + ((HeaderCells + argumentCount) * 4), resultCount * 4, write: true))
        {
            return false;
        }

        Span<uint> arguments = cells[..(int)argumentCount];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = BinaryPrimitives.ReadUInt32BigEndian(argumentBytes[(i * 4)..]);
        }

        Span<uint> results = cells.Slice((int)argumentCount, (int)resultCount);
        results.Clear();
        call = new CallBlock(processor, space, address, service, arguments, results);
        return true;
    }

    /// <summary>Sets result <paramref name="index"/>; nothing happens where the caller has no room for it.</summary>
    public void Return(int index, uint value)
    {
        if ((uint)index < (uint)_results.Length)
        {
            _results[index] = value;
        }
    }

    /// <summary>Sets results from <paramref name="first"/> on, as far as the caller has room.</summary>
    public void Return(int first, ReadOnlySpan<uint> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Return(first + i, values[i]);
        }
    }

    /// <summary>Writes the results to the guest.</summary>
    /// <param name="count">How many cells; all unless told otherwise.</param>
    public void Commit(int count = int.MaxValue)
    {
        Span<byte> bytes = stackalloc byte[Math.Min(count, _results.Length) * 4];
        for (int i = 0; i < bytes.Length; i += 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[i..], _results[i / 4]);
        }

        // It was writable when the call was read; a service that unmapped it since gets what it asked for.
        _ = Space.TryWrite(_address + (ulong)((HeaderCells + _arguments.Length) * 4), bytes);
    }
}

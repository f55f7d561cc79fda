using System.Diagnostics.CodeAnalysis;

namespace Firmament.Firmware.Architecture;

/// <summary>
/// What a client passes to `ibm,client-architecture-support`: pairs of (mask, value) for the processor versions it runs on, then option
/// vectors. Source: LoPAPR 1.1 appendix B.6.2.3.
/// </summary>
public sealed class ArchitectureVector
{
    /// <summary>Most pairs that are read.</summary>
    public const int MostPairs = 512;

    // Later vectors hold nothing that is negotiated here; they need not be read, nor be there.
    private const int LastVector = 5;

    private readonly List<KeyValuePair<uint, uint>> _versions = [];
    private readonly List<OptionVector> _vectors = [];

    private ArchitectureVector()
    {
    }

    /// <summary>The processor versions as (mask, value), without the pair that ends them.</summary>
    public IReadOnlyList<KeyValuePair<uint, uint>> Versions => _versions;

    /// <summary>Option vector <paramref name="number"/>, counted from 1, or null.</summary>
    public OptionVector? Find(int number) => number >= 1 && number <= _vectors.Count ? _vectors[number - 1] : null;

    /// <summary>True when the client runs on processor version <paramref name="pvr"/>.</summary>
    public bool Accepts(uint pvr)
    {
        foreach ((uint mask, uint value) in _versions)
        {
            if ((pvr & mask) == (value & mask))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a vector. False when it is not wholly in memory, or its list of versions does not end.</summary>
    public static bool TryRead(GuestAddressSpace space, ulong address, [NotNullWhen(true)] out ArchitectureVector? vector)
    {
        vector = null;
        ArchitectureVector read = new();
        if (!read.TryReadVersions(space, ref address) || !read.TryReadVectors(space, address))
        {
            return false;
        }

        vector = read;
        return true;
    }

    private bool TryReadVersions(GuestAddressSpace space, ref ulong address)
    {
        for (int i = 0; i <= MostPairs; i++)
        {
            if (!space.TryReadCell(address, out uint mask) || !space.TryReadCell(address + 4, out uint value))
            {
                return false;
            }

            address += 8;
            if ((value & ~mask) != 0)
            {
                return true;
            }

            _versions.Add(new(mask, value));
        }

        return false;
    }

    private bool TryReadVectors(GuestAddressSpace space, ulong address)
    {
        Span<byte> bytes = stackalloc byte[OptionVector.MostBytes];
        if (!space.TryRead(address++, bytes[..1]))
        {
            return false;
        }

        int count = Math.Min(bytes[0] + 1, LastVector);
        for (int i = 0; i < count; i++)
        {
            if (!space.TryRead(address++, bytes[..1]))
            {
                return false;
            }

            int length = bytes[0] + 1;
            if (!space.TryRead(address, bytes[..length]))
            {
                return false;
            }

            _vectors.Add(new OptionVector(bytes[..length]));
            address += (ulong)length;
        }

        return true;
    }
}

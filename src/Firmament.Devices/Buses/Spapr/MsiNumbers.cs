using Firmament.Core.State;

namespace Firmament.Devices.Buses.Spapr;

/// <summary>The interrupt source numbers that ibm,change-msi gives out; all host bridges of a partition share them.</summary>
public sealed class MsiNumbers : IStateful
{
    /// <summary>The first number of a partition's range (hypercalls reference, section 8).</summary>
    public const int FirstNumber = 0x1300;

    /// <summary>How many there are.</summary>
    public const int NumberCount = 0xd00;

    private readonly byte[] _isTaken = new byte[NumberCount];

    /// <summary>Takes a block of consecutive numbers, or -1 when there is none.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="alignment">The first one is a multiple of this from the start of the range.</param>
    public int Take(int count, int alignment)
    {
        for (int first = 0; first + count <= NumberCount; first += alignment)
        {
            if (_isTaken.AsSpan(first, count).IndexOfAnyExcept((byte)0) < 0)
            {
                _isTaken.AsSpan(first, count).Fill(1);
                return FirstNumber + first;
            }
        }

        return -1;
    }

    /// <summary>Gives a block back.</summary>
    public void Release(int first, int count) => _isTaken.AsSpan(first - FirstNumber, count).Clear();

    /// <summary>True for a number that was given out.</summary>
    public bool IsTaken(uint number) => number - (uint)FirstNumber < NumberCount && _isTaken[number - FirstNumber] != 0;

    /// <summary>Gives all back.</summary>
    public void Reset() => _isTaken.AsSpan().Clear();

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Bytes("taken", _isTaken);
}

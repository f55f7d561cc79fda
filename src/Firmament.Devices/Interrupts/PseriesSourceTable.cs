using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>What both controllers share of the sources: which exist, their type and the level of their wires.</summary>
internal sealed class PseriesSourceTable : IStateful
{
    private const byte Message = 1;
    private const byte Level = 2;

    private readonly byte[] _kinds = new byte[PseriesInterruptNumbers.Count];
    private readonly byte[] _levels = new byte[PseriesInterruptNumbers.Count];

    /// <summary>True when the number is one of this machine's and a source has it.</summary>
    public bool Exists(ulong number) => number < PseriesInterruptNumbers.Count && _kinds[number] != 0;

    /// <summary>True for a level signalled interrupt (LSI), false for a message (MSI).</summary>
    public bool IsLevel(int number) => _kinds[number] == Level;

    /// <summary>The wire's level, remembered whichever controller is active.</summary>
    public bool IsAsserted(int number) => _levels[number] != 0;

    /// <summary>Keeps the wire's level.</summary>
    public void SetLevel(int number, bool level) => _levels[number] = level ? (byte)1 : (byte)0;

    /// <summary>Makes the number a source.</summary>
    public void Claim(int number, bool isLevel) => _kinds[number] = isLevel ? Level : Message;

    /// <summary>The number is no source any more.</summary>
    public void Free(int number) => _kinds[number] = 0;

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("kinds", _kinds);
        state.Bytes("levels", _levels);
    }
}

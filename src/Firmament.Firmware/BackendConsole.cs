using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Firmware;

/// <summary>
/// A firmware console on a host backend. Input comes from an <see cref="Core.Replay.InputChannel"/> whose delivery is
/// <see cref="Receive"/>; at most 4096 bytes wait, later ones are lost as on a serial line.
/// </summary>
public sealed class BackendConsole : IFirmwareConsole, IStateful
{
    private const int Capacity = 4096;

    private readonly ICharacterBackend _backend;
    private readonly byte[] _input = new byte[Capacity];
    private int _first;
    private int _count;

    /// <summary>Makes a console that writes to <paramref name="backend"/>.</summary>
    public BackendConsole(ICharacterBackend backend) => _backend = backend;

    /// <summary>Takes bytes that arrived, on the machine's thread.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes[..Math.Min(bytes.Length, Capacity - _count)])
        {
            _input[(_first + _count) % Capacity] = b;
            _count++;
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => _backend.Write(bytes);

    /// <inheritdoc/>
    public int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _count);
        for (int i = 0; i < count; i++)
        {
            destination[i] = _input[_first];
            _first = (_first + 1) % Capacity;
            _count--;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("input", _input);
        state.Field("first", ref _first);
        state.Field("count", ref _count);
    }
}

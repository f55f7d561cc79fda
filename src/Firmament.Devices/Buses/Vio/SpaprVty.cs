using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.Hypercalls;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// A virtual terminal, Linux's hvc console: up to 16 characters a hypercall each way. Source: LoPAPR 1.1 16.6 (vterm), H_GET_TERM_CHAR and
/// H_PUT_TERM_CHAR.
/// </summary>
/// <remarks>
/// Input waits, at most <see cref="MostPending"/> bytes of it, across resets too: what is piped in before the driver is there reaches it.
/// The interrupt is an edge when the first byte comes in; the guest then reads until nothing is left.
/// </remarks>
public sealed class SpaprVty : VioDevice
{
    /// <summary>Characters in one hypercall.</summary>
    public const int MostCharacters = 16;

    /// <summary>Bytes of input that can wait; a power of two.</summary>
    public const int MostPending = 65536;

    private readonly ICharacterBackend _output;
    private readonly Tracer _tracer;
    private readonly byte[] _pending = new byte[MostPending];
    private int _start;
    private int _count;

    /// <summary>Makes a terminal.</summary>
    /// <param name="channel">The name of its input channel.</param>
    /// <param name="output">Takes what the guest prints.</param>
    /// <param name="journal">Where input comes in.</param>
    /// <param name="tracer">For input that is lost.</param>
    public SpaprVty(string channel, ICharacterBackend output, InputJournal journal, Tracer tracer)
    {
        _output = output;
        _tracer = tracer;
        Input = journal.CreateChannel(channel, Receive);
    }

    /// <inheritdoc/>
    public override string NodeName => "vty";

    /// <inheritdoc/>
    public override string DeviceType => "serial";

    /// <inheritdoc/>
    public override string Compatible => "hvterm1";

    /// <summary>Where the host posts what is typed.</summary>
    public InputChannel Input { get; }

    /// <summary>What the guest prints goes here; firmware may write to it too.</summary>
    public ICharacterBackend Output => _output;

    /// <summary>Takes up to <paramref name="destination"/>'s length of input; for firmware, as the hypercall does for the guest.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Read(Span<byte> destination)
    {
        int taken = 0;
        while (taken < destination.Length && _count != 0)
        {
            byte next = _pending[_start];
            // Linux hvc_vio drops a NUL that follows a CR in one reply, since PowerVM inserts one there: a real one must start the next reply.
            if (next == 0 && taken != 0 && destination[taken - 1] == (byte)'\r')
            {
                break;
            }

            destination[taken++] = next;
            _start = (_start + 1) & (MostPending - 1);
            _count--;
        }

        return taken;
    }

    /// <summary>H_GET_TERM_CHAR.</summary>
    /// <param name="length">How many characters there are, 0 to 16.</param>
    /// <param name="high">Characters 0 to 7, the first in the most significant byte.</param>
    /// <param name="low">Characters 8 to 15.</param>
    public long GetCharacters(out ulong length, out ulong high, out ulong low)
    {
        Span<byte> characters = stackalloc byte[MostCharacters];
        characters.Clear();
        length = (ulong)Read(characters);
        high = BinaryPrimitives.ReadUInt64BigEndian(characters);
        low = BinaryPrimitives.ReadUInt64BigEndian(characters[8..]);
        return PaprStatus.Success;
    }

    /// <summary>H_PUT_TERM_CHAR. H_PARAMETER, with nothing printed, for more than 16 characters.</summary>
    public long PutCharacters(ulong length, ulong high, ulong low)
    {
        if (length > MostCharacters)
        {
            return PaprStatus.Parameter;
        }

        Span<byte> characters = stackalloc byte[MostCharacters];
        BinaryPrimitives.WriteUInt64BigEndian(characters, high);
        BinaryPrimitives.WriteUInt64BigEndian(characters[8..], low);
        _output.Write(characters[..(int)length]);
        return PaprStatus.Success;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Bytes("pending", _pending);
        state.Field("start", ref _start);
        state.Field("count", ref _count);
        _start &= MostPending - 1;
        _count = Math.Clamp(_count, 0, MostPending);
    }

    private void Receive(byte[] bytes)
    {
        int room = MostPending - _count;
        if (bytes.Length > room)
        {
            _tracer.GuestError(Name, "the guest does not read its input; some was dropped");
        }

        bool wasEmpty = _count == 0;
        foreach (byte b in bytes.AsSpan(0, Math.Min(bytes.Length, room)))
        {
            _pending[(_start + _count++) & (MostPending - 1)] = b;
        }

        if (wasEmpty && _count != 0)
        {
            Pulse();
        }
    }
}

using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses.Spapr;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// The command/response queue of a virtual adapter: the guest sends 16-byte entries by hypercall and finds the answers in a ring in its own
/// memory, reached through the adapter's DMA window. Source: LoPAPR 1.1 16.2.3 (reliable command/response transport).
/// </summary>
/// <remarks>
/// Byte 0 of an entry is 0 while its place is free, 0x80 for a command or response, 0xc0 for the start-up handshake, 0xff for a
/// transport event. A response that finds its place occupied is dropped and traced: a guest that keeps the credit it was given never sees it.
/// </remarks>
/// <param name="owner">The adapter.</param>
/// <param name="tracer">For guest mistakes.</param>
/// <param name="received">Gets each command entry, 16 bytes.</param>
public sealed class VioCrq(VioDevice owner, Tracer tracer, Action<byte[]> received) : IStateful
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryLength = 16;

    /// <summary>Byte 0 of a command or response.</summary>
    public const byte Command = 0x80;

    private const byte Initialization = 0xc0;
    private const byte InitializationRequest = 1;
    private const byte InitializationDone = 2;
    private const ulong PageSize = 4096;
    private const ulong LongestQueue = 256 << 20;

    private ulong _address;
    private ulong _length;
    private ulong _next;

    /// <summary>True while the guest has a queue registered.</summary>
    public bool IsRegistered => _length != 0;

    /// <summary>True for an address and a length a queue may have: whole pages, at most 256 MiB.</summary>
    public static bool IsPossible(ulong address, ulong length) =>
        address % PageSize == 0 && length % PageSize == 0 && length is >= PageSize and <= LongestQueue;

    /// <summary>H_REG_CRQ: H_RESOURCE when there is a queue already, H_PARAMETER for one outside the window.</summary>
    public long Register(ulong address, ulong length)
    {
        if (IsRegistered)
        {
            return PaprStatus.Resource;
        }

        if (owner.Dma is not { } window || !window.CanReadAndWrite(address, length))
        {
            return PaprStatus.Parameter;
        }

        (_address, _length, _next) = (address, length, 0);
        return PaprStatus.Success;
    }

    /// <summary>H_FREE_CRQ.</summary>
    public void Free() => _address = _length = _next = 0;

    /// <summary>H_SEND_CRQ: serves an entry of the guest's.</summary>
    public long Take(ulong high, ulong low)
    {
        byte[] entry = new byte[EntryLength];
        BinaryPrimitives.WriteUInt64BigEndian(entry, high);
        BinaryPrimitives.WriteUInt64BigEndian(entry.AsSpan(8), low);
        if (entry[0] < Command)
        {
            return PaprStatus.Parameter;
        }

        if (!IsRegistered)
        {
            return PaprStatus.Closed;
        }

        switch (entry[0])
        {
            case Command:
                received(entry);
                break;
            case Initialization when entry[1] == InitializationRequest:
                Span<byte> answer = stackalloc byte[EntryLength];
                answer.Clear();
                answer[0] = Initialization;
                answer[1] = InitializationDone;
                Send(answer);
                break;
            case Initialization when entry[1] == InitializationDone:
                break;
            default:
                tracer.GuestError(owner.Name, $"command queue entry of type 0x{entry[0]:x2}, format 0x{entry[1]:x2}");
                break;
        }

        return PaprStatus.Success;
    }

    /// <summary>Puts a response into the guest's queue and interrupts. False when there is none, it is full or its memory is gone.</summary>
    public bool Send(ReadOnlySpan<byte> entry)
    {
        if (!IsRegistered || owner.Dma is not { } window)
        {
            return false;
        }

        Span<byte> valid = stackalloc byte[1];
        if (!window.TryRead(_address + _next, valid))
        {
            return false;
        }

        if (valid[0] != 0)
        {
            tracer.GuestError(owner.Name, $"the command queue is full at entry {_next / EntryLength}; a response is dropped");
            return false;
        }

        // The half that makes the entry valid goes last.
        if (!window.TryWrite(_address + _next + 8, entry[8..EntryLength]) || !window.TryWrite(_address + _next, entry[..8]))
        {
            return false;
        }

        _next = (_next + EntryLength) % _length;
        owner.ResponseSent();
        return true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("address", ref _address);
        state.Field("length", ref _length);
        state.Field("next", ref _next);
        if (state.IsLoading && _length != 0 && (!IsPossible(_address, _length) || _next >= _length || _next % EntryLength != 0))
        {
            Free();
        }
    }
}

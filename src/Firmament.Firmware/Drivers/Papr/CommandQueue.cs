using Firmament.Core.Hypercalls;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Papr;

/// <summary>The partition's side of a command/response queue: one page of 16-byte entries. Source: LoPAPR 1.1 16.2.3.</summary>
internal sealed class CommandQueue(DriverHost host, IVirtualIoAccess device) : IStateful
{
    /// <summary>Bytes of the queue.</summary>
    public const uint Length = 4096;

    private const uint EntryLength = 16;
    private const byte Initialization = 0xc0;
    private const byte InitializationDone = 2;
    private const ulong InitializationRequest = 0xc001ul << 48;

    private bool _isRegistered;
    private uint _next;

    /// <summary>Registers the queue and waits until the other side is there.</summary>
    /// <param name="memory">Memory that begins with the queue.</param>
    /// <param name="bus">Its I/O address.</param>
    public bool TryStart(DriverMemory memory, ulong bus)
    {
        _next = 0;
        memory.Clear(0, Length);
        _isRegistered = device.RegisterQueue(bus, Length) == PaprStatus.Success;
        Span<byte> entry = stackalloc byte[(int)EntryLength];
        if (_isRegistered && device.Send(InitializationRequest, 0) == PaprStatus.Success && TryTake(memory, entry)
            && entry[0] == Initialization && entry[1] == InitializationDone)
        {
            return true;
        }

        host.Report(device.Name, "its command queue does not come up");
        return false;
    }

    /// <summary>Sends the address of an information unit and waits for the answer.</summary>
    /// <param name="memory">Memory that begins with the queue.</param>
    /// <param name="bus">I/O address of the unit.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>False when none comes, or the adapter could not write it.</returns>
    public bool TrySend(DriverMemory memory, ulong bus, ushort length)
    {
        const ulong SrpUnit = 0x8001ul << 48;
        const int StatusOffset = 3;
        Span<byte> entry = stackalloc byte[(int)EntryLength];
        return device.Send(SrpUnit | length, bus) == PaprStatus.Success && TryTake(memory, entry) && entry[0] == 0x80 && entry[StatusOffset] == 0;
    }

    /// <summary>Takes the queue away from the adapter.</summary>
    public void Stop()
    {
        if (_isRegistered)
        {
            _ = device.FreeQueue();
            _isRegistered = false;
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("registered", ref _isRegistered);
        state.Field("next", ref _next);
    }

    private bool TryTake(DriverMemory memory, Span<byte> entry)
    {
        if (!host.WaitUntil((memory, _next), static place => IsTaken(place.memory, place._next), DriverHost.CommandLimit))
        {
            return false;
        }

        memory.Read(_next, entry);
        memory.Clear(_next, EntryLength);
        _next = (_next + EntryLength) % Length;
        return true;
    }

    private static bool IsTaken(DriverMemory memory, uint at)
    {
        Span<byte> first = stackalloc byte[1];
        memory.Read(at, first);
        return first[0] != 0;
    }
}

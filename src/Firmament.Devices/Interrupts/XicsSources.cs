using System.Buffers.Binary;
using System.Numerics;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The interrupt control source layer (ICS): where each source goes and with which priority, and the events no presenter took yet.
/// Source: LoPAPR 1.1 chapter 14.
/// </summary>
/// <param name="table">The machine's sources.</param>
internal sealed class XicsSources(PseriesSourceTable table) : IStateful
{
    private const int First = PseriesInterruptNumbers.FirstExternal;
    private const int Count = PseriesInterruptNumbers.Count - First;

    private readonly int[] _servers = new int[Count];
    private readonly byte[] _priorities = new byte[Count];
    private readonly byte[] _savedPriorities = new byte[Count];

    // An LSI that a presenter took and that has seen no EOI: its level says nothing new until then.
    private readonly byte[] _sent = new byte[Count];

    // One bit a source with an event that no presenter holds. A bitmap, so that the resend at each EOI costs 64 tests.
    private readonly ulong[] _waiting = new ulong[Count / 64];

    private XicsPresenter[] _presenters = [];

    /// <summary>Tells who the servers are; once, at construction.</summary>
    public void Connect(XicsPresenter[] presenters) => _presenters = presenters;

    /// <summary>True when a source of XICS has the number.</summary>
    public bool Exists(ulong number) => number >= First && table.Exists(number);

    /// <summary>The server a source goes to.</summary>
    public int Server(int number) => _servers[number - First];

    /// <summary>A source's priority; 0xff = off.</summary>
    public byte Priority(int number) => _priorities[number - First];

    /// <summary>ibm,set-xive.</summary>
    public void Configure(int number, int server, byte priority)
    {
        int index = number - First;
        _servers[index] = server;
        _priorities[index] = _savedPriorities[index] = priority;
        Send(number);
    }

    /// <summary>ibm,int-off: keeps the priority for <see cref="Enable"/>.</summary>
    public void Disable(int number)
    {
        int index = number - First;
        _savedPriorities[index] = _priorities[index];
        _priorities[index] = XicsPresenter.LeastFavoured;
    }

    /// <summary>ibm,int-on.</summary>
    public void Enable(int number)
    {
        int index = number - First;
        _priorities[index] = _savedPriorities[index];
        Send(number);
    }

    /// <summary>A message arrived.</summary>
    public void Trigger(int number)
    {
        if (number >= First)
        {
            SetWaiting(number, true);
            Send(number);
        }
    }

    /// <summary>The wire of an LSI changed; the table has the new level.</summary>
    public void LevelChanged(int number)
    {
        if (number >= First && _sent[number - First] == 0)
        {
            SetWaiting(number, table.IsAsserted(number));
            Send(number);
        }
    }

    /// <summary>A presenter gives an interrupt back.</summary>
    public void Reject(int number)
    {
        if (Exists((ulong)number))
        {
            _sent[number - First] = 0;
            SetWaiting(number, !table.IsLevel(number) || table.IsAsserted(number));
        }
    }

    /// <summary>The CPU is done with a source's interrupt.</summary>
    public void EndOfInterrupt(int number)
    {
        if (Exists((ulong)number) && table.IsLevel(number))
        {
            _sent[number - First] = 0;
            SetWaiting(number, table.IsAsserted(number));
            Send(number);
        }
    }

    /// <summary>All waiting sources of a server try again, in order of their numbers.</summary>
    public void Resend(int server)
    {
        for (int word = 0; word < _waiting.Length; word++)
        {
            for (ulong bits = _waiting[word]; bits != 0; bits &= bits - 1)
            {
                int index = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (_servers[index] == server)
                {
                    Send(First + index);
                }
            }
        }
    }

    /// <summary>A source comes or goes: off, and with nothing waiting but a level.</summary>
    public void Reset(int number)
    {
        if (number >= First)
        {
            int index = number - First;
            _servers[index] = 0;
            _priorities[index] = _savedPriorities[index] = XicsPresenter.LeastFavoured;
            _sent[index] = 0;
            SetWaiting(number, Exists((ulong)number) && table.IsLevel(number) && table.IsAsserted(number));
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("priorities", _priorities);
        state.Bytes("saved", _savedPriorities);
        state.Bytes("sent", _sent);
        byte[] servers = new byte[Count * sizeof(int)];
        for (int i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(servers.AsSpan(i * sizeof(int)), _servers[i]);
        }

        state.Bytes("servers", servers);
        for (int i = 0; state.IsLoading && i < Count; i++)
        {
            _servers[i] = BinaryPrimitives.ReadInt32LittleEndian(servers.AsSpan(i * sizeof(int)));
        }

        for (int i = 0; i < _waiting.Length; i++)
        {
            state.Field($"waiting{i}", ref _waiting[i]);
        }
    }

    private void Send(int number)
    {
        int index = number - First;
        int server = _servers[index];
        if (!IsWaiting(number) || _priorities[index] == XicsPresenter.LeastFavoured || (uint)server >= (uint)_presenters.Length)
        {
            return;
        }

        SetWaiting(number, false);
        _sent[index] = table.IsLevel(number) ? (byte)1 : (byte)0;
        _presenters[server].Present(number, _priorities[index]);
    }

    private bool IsWaiting(int number) => (_waiting[(number - First) / 64] & (1UL << (number % 64))) != 0;

    private void SetWaiting(int number, bool waiting)
    {
        ulong bit = 1UL << (number % 64);
        ref ulong word = ref _waiting[(number - First) / 64];
        word = waiting ? word | bit : word & ~bit;
    }
}

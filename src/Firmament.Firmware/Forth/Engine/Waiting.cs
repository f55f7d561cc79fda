using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// Words that wait: `ms`, `key`, `accept`. At the prompt they stop the run, and the driver comes back later; inside a client's call virtual time
/// passes until what they wait for has come.
/// </summary>
internal sealed class Waiting(ForthEngine forth) : IStateful
{
    /// <summary>Longest wait for input inside a client's call.</summary>
    private static readonly VirtualTime LongestForInput = VirtualTime.FromSeconds(60);

    private static readonly VirtualTime Slice = VirtualTime.FromMilliseconds(10);

    private long _wake;
    private bool _sleeping;
    private int _accepted;

    /// <summary>When a run that sleeps wants to go on, in nanoseconds of virtual time; null when it waits for input.</summary>
    public VirtualTime? Wake => _sleeping ? new VirtualTime(_wake) : null;

    private IFirmwarePlatform Platform => forth.Firmware.Platform;

    /// <summary>Forgets what a run that was stopped waited for.</summary>
    public void Reset()
    {
        _sleeping = false;
        _accepted = 0;
    }

    /// <summary>`ms`. Its argument stays on the stack until it is over.</summary>
    public void Sleep(uint milliseconds)
    {
        if (!_sleeping)
        {
            _sleeping = true;
            _wake = Platform.Now.Nanoseconds + (milliseconds * 1_000_000L);
            forth.Output.Flush();
        }

        while (!forth.MayBlock && Platform.Now.Nanoseconds < _wake)
        {
            if (!Platform.Wait(new VirtualTime(_wake - Platform.Now.Nanoseconds)))
            {
                _sleeping = false;
                forth.ThrowUncaught(ThrowCode.UserInterrupt);
                return;
            }
        }

        if (Platform.Now.Nanoseconds < _wake)
        {
            forth.BlockAndRetry();
            return;
        }

        _sleeping = false;
        _ = forth.Pop();
    }

    /// <summary>The next character typed. False when the run has to stop or gave up.</summary>
    public bool TryKey(out byte character)
    {
        forth.Output.Flush();
        if (forth.Terminal.TryRead(out character))
        {
            return true;
        }

        if (forth.MayBlock)
        {
            forth.BlockAndRetry();
            return false;
        }

        VirtualTime end = Platform.Now + LongestForInput;
        while (Platform.Now < end)
        {
            if (!Platform.Wait(Slice))
            {
                forth.ThrowUncaught(ThrowCode.UserInterrupt);
                return false;
            }

            if (forth.Terminal.TryRead(out character))
            {
                return true;
            }
        }

        forth.Throw(ThrowCode.InputTimeout);
        return false;
    }

    /// <summary>`accept ( addr len1 -- len2 )`: a line with echo and backspace. How far it got is kept while it waits.</summary>
    public void Accept(bool setsSpan)
    {
        while (true)
        {
            uint room = (uint)forth.Peek(0);
            uint address = (uint)forth.Peek(1);
            if (!TryKey(out byte character))
            {
                return;
            }

            bool isEnd = character is (byte)'\r' or (byte)'\n';
            if (character is (byte)'\b' or 0x7f)
            {
                if (_accepted > 0)
                {
                    _accepted--;
                    forth.Output.Type("\b \b"u8);
                }
            }
            else if (!isEnd && (uint)_accepted < room)
            {
                if (!forth.Memory.TryStore8(address + (uint)_accepted, character))
                {
                    _accepted = 0;
                    forth.Throw(ThrowCode.InvalidAddress);
                    return;
                }

                _accepted++;
                forth.Output.Emit(character);
            }

            if (isEnd || (setsSpan && (uint)_accepted >= room))
            {
                _ = forth.PopDouble();
                forth.Memory.SetVariable(DataSpace.SpanVariable, (uint)_accepted);
                if (!setsSpan)
                {
                    forth.Push(_accepted);
                }

                _accepted = 0;
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("wake", ref _wake);
        state.Field("sleeping", ref _sleeping);
        state.Field("accepted", ref _accepted);
    }
}

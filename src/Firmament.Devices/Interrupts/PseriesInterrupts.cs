using System.Numerics;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// The interrupt sources of a pseries partition, and the controller that presents them: XICS or XIVE, by the partition's choice. Devices
/// know source numbers and wires only; numbers are in <see cref="PseriesInterruptNumbers"/>.
/// </summary>
/// <remarks>
/// Wires keep their level when the controller changes and when the machine resets: an LSI that is asserted then is presented once the OS
/// has set the new controller up. A message is lost, as on hardware, when its controller was reset in between.
/// </remarks>
/// <example><code>
/// InterruptLine vty = interrupts.Connect(0x1100);  // vty.Raise(); vty.Lower(); is one message
/// interrupts.TryAllocate(4, align: true, out int first);
/// interrupts.Pulse(first + 2);                     // what a store to the MSI window does
/// </code></example>
public sealed class PseriesInterrupts : IStateful
{
    private readonly PseriesSourceTable _table = new();
    private readonly InterruptLine?[] _lines = new InterruptLine?[PseriesInterruptNumbers.Count];
    private readonly InterruptLine[] _outputs;
    private readonly Tracer _tracer;
    private byte _mode;

    /// <summary>Makes both controllers. A source for XIVE's inter-processor interrupt exists for each CPU; all others are to be claimed.</summary>
    /// <param name="outputs">The external interrupt input of each CPU, by server number from 0; this drives them.</param>
    /// <param name="ram">Where event queues are.</param>
    /// <param name="currentCpu">The number of the CPU that executes now: its thread context answers.</param>
    /// <param name="mode">The controller at power-on.</param>
    /// <param name="tracer">For guest errors.</param>
    /// <param name="offersStoreEoi">True offers XIVE's end of interrupt by a store, which guests like for speed.</param>
    public PseriesInterrupts(
        IReadOnlyList<InterruptLine> outputs, GuestMemory ram, Func<int> currentCpu, InterruptMode mode, Tracer tracer, bool offersStoreEoi = false)
    {
        _outputs = [.. outputs];
        _tracer = tracer;
        Xics = new XicsController(_outputs.Length, _table, Output, tracer);
        Xive = new XiveController(_outputs.Length, _table, ram, currentCpu, Output, tracer, offersStoreEoi);
        for (int cpu = 0; cpu < _outputs.Length; cpu++)
        {
            Claim(cpu, isLevel: false);
        }

        Select(mode);
    }

    /// <summary>The controller that presents interrupts.</summary>
    public InterruptMode Mode => (InterruptMode)_mode;

    /// <summary>The one for POWER8 and older kernels.</summary>
    public XicsController Xics { get; }

    /// <summary>The one for POWER9 and later.</summary>
    public XiveController Xive { get; }

    /// <summary>Chooses the controller and resets both; at client-architecture-support and at machine reset.</summary>
    public void Select(InterruptMode mode)
    {
        _mode = (byte)mode;
        Xive.IsActive = mode == InterruptMode.Xive;
        Xics.Reset();
        Xive.Reset();
    }

    /// <summary>True when a source has the number.</summary>
    public bool IsClaimed(int number) => number >= 0 && _table.Exists((ulong)number);

    /// <summary>Makes a number a source, off until the OS configures it.</summary>
    /// <param name="number">Below <see cref="PseriesInterruptNumbers.Count"/>.</param>
    /// <param name="isLevel">True for a level signalled interrupt, false for a message.</param>
    /// <exception cref="InvalidOperationException">The number is out of range or taken.</exception>
    public void Claim(int number, bool isLevel)
    {
        if ((uint)number >= PseriesInterruptNumbers.Count || IsClaimed(number))
        {
            throw new InvalidOperationException($"interrupt 0x{number:x} is {(IsClaimed(number) ? "taken" : "out of range")}");
        }

        _table.Claim(number, isLevel);
        ResetSource(number);
    }

    /// <summary>The number is no source any more; nothing happens when it was none.</summary>
    public void Free(int number)
    {
        if (IsClaimed(number))
        {
            _table.Free(number);
            ResetSource(number);
        }
    }

    /// <summary>
    /// The wire of a source, the same one each time; one driver. For an LSI it is the level, for a message each rise is one. It does
    /// nothing while the number is not claimed.
    /// </summary>
    /// <param name="number">Below <see cref="PseriesInterruptNumbers.Count"/>.</param>
    public InterruptLine Source(int number) =>
        _lines[number] ??= new InterruptLine($"interrupt 0x{number:x}", level => Drive(number, level));

    /// <summary>The wire of a source that is claimed now if it was not, with the type its number has in <see cref="PseriesInterruptNumbers"/>.</summary>
    /// <param name="number">Below <see cref="PseriesInterruptNumbers.Count"/>.</param>
    public InterruptLine Connect(int number)
    {
        if (!IsClaimed(number))
        {
            Claim(number, PseriesInterruptNumbers.IsLevel(number));
        }

        return Source(number);
    }

    /// <summary>One message, as a device's store to the MSI window makes it; the number is the guest's choice.</summary>
    public void Pulse(uint number)
    {
        if (!_table.Exists(number) || _table.IsLevel((int)number))
        {
            _tracer.GuestError("interrupts", $"a message for 0x{number:x}, which is no message source");
            return;
        }

        Trigger((int)number);
    }

    /// <summary>Claims a block of consecutive message sources.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="align">True to begin at a multiple of <paramref name="count"/> rounded up to a power of 2, as plain MSI needs.</param>
    /// <param name="first">The first number.</param>
    /// <returns>False, with nothing claimed, when there is no room.</returns>
    public bool TryAllocate(int count, bool align, out int first)
    {
        first = 0;
        if (count <= 0 || count > PseriesInterruptNumbers.MessageCount)
        {
            return false;
        }

        int step = align ? (int)BitOperations.RoundUpToPowerOf2((uint)count) : 1;
        int candidate = (PseriesInterruptNumbers.FirstMessage + step - 1) / step * step;
        while (candidate + count <= PseriesInterruptNumbers.Count)
        {
            int taken = LastClaimed(candidate, count);
            if (taken < 0)
            {
                for (int number = candidate; number < candidate + count; number++)
                {
                    Claim(number, isLevel: false);
                }

                first = candidate;
                return true;
            }

            candidate = (taken + step) / step * step;
        }

        return false;
    }

    /// <summary>Frees a block that <see cref="TryAllocate"/> claimed.</summary>
    public void Release(int first, int count)
    {
        for (int number = first; number < first + count; number++)
        {
            Free(number);
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("mode", ref _mode);
        state.Component("table", _table);
        state.Component("xics", Xics);
        state.Component("xive", Xive);
        for (int cpu = 0; cpu < _outputs.Length; cpu++)
        {
            _outputs[cpu].VisitLevel(state, $"output{cpu}");
        }

        if (state.IsLoading)
        {
            for (int number = 0; number < _lines.Length; number++)
            {
                _lines[number]?.Restore(_table.IsAsserted(number));
            }
        }
    }

    private Action<bool> Output(int cpu) => _outputs[cpu].Set;

    private int LastClaimed(int first, int count)
    {
        int number = first + count - 1;
        while (number >= first && !IsClaimed(number))
        {
            number--;
        }

        return number >= first ? number : -1;
    }

    private void ResetSource(int number)
    {
        Xics.ResetSource(number);
        Xive.ResetSource(number);
    }

    private void Drive(int number, bool level)
    {
        _table.SetLevel(number, level);
        if (!_table.Exists((ulong)number))
        {
            return;
        }

        if (!_table.IsLevel(number))
        {
            if (level)
            {
                Trigger(number);
            }
        }
        else if (Mode == InterruptMode.Xics)
        {
            Xics.LevelChanged(number);
        }
        else
        {
            Xive.LevelChanged(number);
        }
    }

    private void Trigger(int number)
    {
        if (Mode == InterruptMode.Xics)
        {
            Xics.Trigger(number);
        }
        else
        {
            Xive.Trigger(number);
        }
    }
}

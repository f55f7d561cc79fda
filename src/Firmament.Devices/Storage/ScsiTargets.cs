using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>The logical units behind one SCSI host adapter, by target and unit number.</summary>
public sealed class ScsiTargets : IStateful
{
    private readonly SortedDictionary<(int Target, int Unit), ScsiUnit> _units = [];
    private readonly ScsiMissingUnit _missing = new();

    /// <summary>The units in order of target and unit.</summary>
    public IReadOnlyDictionary<(int Target, int Unit), ScsiUnit> Units => _units;

    /// <summary>Attaches a unit. Two cannot have one place.</summary>
    /// <exception cref="ArgumentException">The place is taken.</exception>
    public TUnit Attach<TUnit>(int target, int unit, TUnit scsiUnit) where TUnit : ScsiUnit
    {
        _units.Add((target, unit), scsiUnit);
        int[] siblings = [.. _units.Keys.Where(key => key.Target == target).Select(static key => key.Unit)];
        foreach (((int Target, int Unit) place, ScsiUnit sibling) in _units)
        {
            if (place.Target == target)
            {
                sibling.TargetUnits = siblings;
            }
        }

        return scsiUnit;
    }

    /// <summary>The first target number with no unit.</summary>
    public int FirstFreeTarget()
    {
        int target = 0;
        while (HasTarget(target))
        {
            target++;
        }

        return target;
    }

    /// <summary>True when some unit has that target.</summary>
    public bool HasTarget(int target) => _units.Keys.Any(key => key.Target == target);

    /// <summary>The unit; what answers for a missing one of a target that is there; null where there is no target.</summary>
    public ScsiUnit? Find(int target, int unit)
    {
        if (_units.TryGetValue((target, unit), out ScsiUnit? found))
        {
            return found;
        }

        ScsiUnit? sibling = _units.FirstOrDefault(entry => entry.Key.Target == target).Value;
        if (sibling == null)
        {
            return null;
        }

        _missing.TargetUnits = sibling.TargetUnits;
        return _missing;
    }

    /// <summary>Resets every unit.</summary>
    public void Reset()
    {
        foreach (ScsiUnit unit in _units.Values)
        {
            unit.Reset();
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (((int target, int number), ScsiUnit unit) in _units)
        {
            state.Component($"unit{target}.{number}", unit);
        }
    }
}

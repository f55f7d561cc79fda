namespace Firmament.Devices.Storage;

/// <summary>Runs a command on a unit from start to end, moving its data between the unit and an initiator's memory.</summary>
/// <param name="Status">SCSI status.</param>
/// <param name="Sense">What goes with CHECK CONDITION.</param>
/// <param name="Direction">Which way the command's data went.</param>
/// <param name="DataLength">Bytes the command has.</param>
/// <param name="Moved">Bytes that were moved: less when the initiator's buffer is shorter, or the command failed in between.</param>
public readonly record struct ScsiTransfer(byte Status, ScsiSense Sense, ScsiDirection Direction, long DataLength, long Moved)
{
    /// <summary>The most bytes of one command; longer ones are refused, since a command runs in one go.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>Runs a command.</summary>
    /// <param name="unit">Whose command.</param>
    /// <param name="command">The command descriptor block.</param>
    /// <param name="buffers">The initiator's memory.</param>
    /// <param name="scratch">Space to move data through.</param>
    public static ScsiTransfer Run(ScsiUnit unit, ReadOnlySpan<byte> command, IScsiBuffers buffers, Span<byte> scratch)
    {
        unit.Execute(command);
        (ScsiDirection direction, long length) = (unit.Direction, unit.DataLength);
        long moved = 0;
        if (length > MostBytes)
        {
            unit.Abort(ScsiSense.InvalidField);
        }
        else if (direction == ScsiDirection.In)
        {
            moved = MoveIn(unit, buffers, scratch, Math.Min(length, buffers.InLength));
        }
        else if (direction == ScsiDirection.Out)
        {
            moved = MoveOut(unit, buffers, scratch, Math.Min(length, buffers.OutLength));
        }

        unit.Finish(moved);
        return new ScsiTransfer(unit.Status, unit.Sense, direction, length, moved);
    }

    private static long MoveIn(ScsiUnit unit, IScsiBuffers buffers, Span<byte> scratch, long length)
    {
        long moved = 0;
        while (moved < length)
        {
            Span<byte> part = scratch[..(int)Math.Min(scratch.Length, length - moved)];
            if (!unit.TryReadData(moved, part))
            {
                break;
            }

            if (!buffers.TryGive(moved, part))
            {
                unit.Abort(ScsiSense.TransferFailed);
                break;
            }

            moved += part.Length;
        }

        return moved;
    }

    private static long MoveOut(ScsiUnit unit, IScsiBuffers buffers, Span<byte> scratch, long length)
    {
        long moved = 0;
        while (moved < length)
        {
            Span<byte> part = scratch[..(int)Math.Min(scratch.Length, length - moved)];
            if (!buffers.TryTake(moved, part))
            {
                unit.Abort(ScsiSense.TransferFailed);
                break;
            }

            if (!unit.TryWriteData(moved, part))
            {
                break;
            }

            moved += part.Length;
        }

        return moved;
    }
}

using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Storage;

/// <summary>
/// One IDE channel: two drive positions behind one set of command and control block registers. Source: ATA/ATAPI-7 volume 2, 9.16 (single
/// drive configurations) for what answers where a drive is missing.
/// </summary>
public sealed class IdeChannel : IStateful
{
    // Data bus with the pull-down on DD7 that the standard demands: a channel without drives never looks busy.
    private const byte Floating = 0x7f;

    private const int Data = 0;
    private const int ErrorFeatures = 1;
    private const int SectorCount = 2;
    private const int LbaLow = 3;
    private const int LbaMid = 4;
    private const int LbaHigh = 5;
    private const int DeviceHead = 6;
    private const int StatusCommand = 7;
    private const byte SecondDevice = 0x10;
    private const byte InterruptsOff = 2;
    private const byte SoftReset = 4;
    private const byte HighOrder = 0x80;
    private const byte Busy = 0x80;
    private const byte Diagnose = 0x90;

    private readonly IdeDevice?[] _drives = new IdeDevice?[2];
    private readonly Action<bool> _setInterrupt;
    private byte _control;
    private byte _deviceHead;
    private bool _line;

    internal IdeChannel(string name, Func<bool> isEnabled, Action<bool> setInterrupt, Func<IDmaSpace> memory, Tracer tracer)
    {
        Name = name;
        _setInterrupt = setInterrupt;
        BusMaster = new IdeBusMaster(this, name, memory, tracer);
        Commands = new CommandBlock(this, isEnabled);
        NativeControl = new ControlBlock(this, isEnabled, 2);
        LegacyControl = new ControlBlock(this, isEnabled, 0);
    }

    /// <summary>For traces and saved state.</summary>
    public string Name { get; }

    /// <summary>The drives; null where a position is empty.</summary>
    public IReadOnlyList<IdeDevice?> Drives => _drives;

    internal IdeBusMaster BusMaster { get; }

    /// <summary>The 8 registers of the command block.</summary>
    internal IMmioTarget Commands { get; }

    /// <summary>The control block of a native BAR, whose register is at offset 2.</summary>
    internal IMmioTarget NativeControl { get; }

    /// <summary>The control register alone.</summary>
    internal IMmioTarget LegacyControl { get; }

    internal IdeDevice? Selected => _drives[_deviceHead >> 4 & 1];

    /// <summary>Plugs a drive in. Before power-on only.</summary>
    /// <param name="position">0 or 1.</param>
    /// <param name="drive">The drive.</param>
    public TDrive Attach<TDrive>(int position, TDrive drive) where TDrive : IdeDevice
    {
        if (_drives[position] != null)
        {
            throw new ArgumentException($"{Name} has a drive at position {position} already", nameof(position));
        }

        _drives[position] = drive;
        drive.Unit = position;
        drive.InterruptChanged = UpdateInterrupt;
        return drive;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("control", ref _control);
        state.Field("device-head", ref _deviceHead);
        state.Field("line", ref _line);
        state.Component("busmaster", BusMaster);
        for (int i = 0; i < _drives.Length; i++)
        {
            if (_drives[i] is { } drive)
            {
                state.Component($"drive{i}", drive);
            }
        }
    }

    internal void Reset()
    {
        _control = 0;
        _deviceHead = 0;
        BusMaster.Reset();
        ResetDrives();
    }

    private void ResetDrives()
    {
        _deviceHead = 0;
        foreach (IdeDevice? drive in _drives)
        {
            drive?.Reset();
        }

        UpdateInterrupt();
    }

    private void UpdateInterrupt()
    {
        bool line = Selected is { InterruptPending: true } && (_control & InterruptsOff) == 0;
        if (line && !_line)
        {
            BusMaster.NoteInterrupt();
        }

        _line = line;
        _setInterrupt(line);
    }

    /// <summary>What a register of the selected position reads as when nothing is plugged in there; null = ask the drive.</summary>
    private byte? Absent(int register)
    {
        if (Selected != null)
        {
            return null;
        }

        // Drive 0 answers for a missing drive 1: status 0, its own copy of the rest. Nobody answers for a missing drive 0.
        return (_deviceHead & SecondDevice) != 0 && _drives[0] != null ? register == StatusCommand ? (byte)0 : null : Floating;
    }

    private byte ReadRegister(int register)
    {
        if (Absent(register) is { } value)
        {
            return value;
        }

        IdeDevice drive = Selected ?? _drives[0]!;
        int shift = (_control & HighOrder) != 0 ? 8 : 0;
        switch (register)
        {
            case ErrorFeatures:
                return drive.Error;
            case SectorCount:
                return (byte)(drive.SectorCount >> shift);
            case LbaLow:
                return (byte)(drive.LbaLow >> shift);
            case LbaMid:
                return (byte)(drive.LbaMid >> shift);
            case LbaHigh:
                return (byte)(drive.LbaHigh >> shift);
            case DeviceHead:
                return (byte)((drive.DeviceHead & 0x4f) | 0xa0 | (_deviceHead & SecondDevice));
            default:
                byte status = AlternateStatus();
                Selected?.SetInterrupt(false);
                return status;
        }
    }

    private byte AlternateStatus() =>
        Absent(StatusCommand) is { } absent ? absent : (_control & SoftReset) != 0 ? Busy : Selected!.Status;

    private void WriteRegister(int register, byte value)
    {
        _control &= unchecked((byte)~HighOrder);
        if ((_control & SoftReset) != 0)
        {
            return;
        }

        if (register == StatusCommand)
        {
            Execute(value);
            return;
        }

        if (register == DeviceHead)
        {
            _deviceHead = value;
        }

        foreach (IdeDevice? drive in _drives)
        {
            switch (register)
            {
                case var _ when drive == null:
                    break;
                case ErrorFeatures:
                    drive.Features = (ushort)((drive.Features << 8) | value);
                    break;
                case SectorCount:
                    drive.SectorCount = (ushort)((drive.SectorCount << 8) | value);
                    break;
                case LbaLow:
                    drive.LbaLow = (ushort)((drive.LbaLow << 8) | value);
                    break;
                case LbaMid:
                    drive.LbaMid = (ushort)((drive.LbaMid << 8) | value);
                    break;
                case LbaHigh:
                    drive.LbaHigh = (ushort)((drive.LbaHigh << 8) | value);
                    break;
                case DeviceHead:
                    drive.DeviceHead = value;
                    break;
            }
        }

        if (register == DeviceHead)
        {
            UpdateInterrupt();
        }
    }

    private void Execute(byte command)
    {
        if (command == Diagnose)
        {
            // Both drives execute it, whichever is selected, and drive 0 is selected afterwards (ATA/ATAPI-7 6.13).
            _deviceHead = 0;
            foreach (IdeDevice? drive in _drives)
            {
                drive?.Execute(command);
            }

            if (_drives[0] != null)
            {
                // Drive 0 speaks for both.
                _drives[1]?.SetInterrupt(false);
            }
        }
        else
        {
            Selected?.Execute(command);
            BusMaster.Run();
        }

        UpdateInterrupt();
    }

    private void WriteControl(byte value)
    {
        bool wasReset = (_control & SoftReset) != 0;
        _control = value;
        if ((value & SoftReset) != 0 && !wasReset)
        {
            ResetDrives();
        }

        UpdateInterrupt();
    }

    private sealed class CommandBlock(IdeChannel channel, Func<bool> isEnabled) : IMmioTarget
    {
        public ulong Read(ulong offset, int size)
        {
            ulong value = 0;
            if (!isEnabled())
            {
                return ulong.MaxValue >> (64 - (8 * size));
            }

            if (offset == Data)
            {
                return channel.Selected is { } drive
                    ? size == 8 ? drive.ReadData(4) | ((ulong)drive.ReadData(4) << 32) : drive.ReadData(size)
                    : 0xff7f_ff7f_ff7f_ff7f >> (64 - (8 * size));
            }

            for (int i = 0; i < size; i++)
            {
                value |= (ulong)((int)offset + i <= StatusCommand ? channel.ReadRegister((int)offset + i) : (byte)0xff) << (8 * i);
            }

            return value;
        }

        public void Write(ulong offset, ulong value, int size)
        {
            if (!isEnabled())
            {
                return;
            }

            if (offset == Data)
            {
                channel.Selected?.WriteData((uint)value, Math.Min(size, 4));
                if (size == 8)
                {
                    channel.Selected?.WriteData((uint)(value >> 32), 4);
                }

                return;
            }

            for (int i = 0; i < size && (int)offset + i <= StatusCommand; i++)
            {
                channel.WriteRegister((int)offset + i, (byte)(value >> (8 * i)));
            }
        }
    }

    private sealed class ControlBlock(IdeChannel channel, Func<bool> isEnabled, ulong registerOffset) : IMmioTarget
    {
        public ulong Read(ulong offset, int size)
        {
            ulong value = ulong.MaxValue >> (64 - (8 * size));
            if (isEnabled() && registerOffset - offset < (ulong)size)
            {
                int shift = 8 * (int)(registerOffset - offset);
                value = (value & ~(0xfful << shift)) | ((ulong)channel.AlternateStatus() << shift);
            }

            return value;
        }

        public void Write(ulong offset, ulong value, int size)
        {
            if (isEnabled() && registerOffset - offset < (ulong)size)
            {
                channel.WriteControl((byte)(value >> (8 * (int)(registerOffset - offset))));
            }
        }
    }
}

using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Ide;

/// <summary>
/// One channel of an IDE controller, which two drives share: task file, data register and bus master, without interrupts. Source: ATA/ATAPI-7
/// volume 2; Programming Interface for Bus Master IDE Controller 1.0.
/// </summary>
/// <remarks>The registers are at the function's base address registers in native and, on the controllers here, in legacy mode too.</remarks>
/// <param name="host">The firmware.</param>
/// <param name="function">The controller.</param>
/// <param name="channel">0 = primary, 1 = secondary.</param>
public sealed class IdeChannelDriver(DriverHost host, IPciFunctionAccess function, int channel) : CountedDriver
{
    /// <summary>Status: error, in the packet protocol a check condition.</summary>
    internal const byte Error = 0x01;

    /// <summary>Status: data request.</summary>
    internal const byte DataRequest = 0x08;

    private const byte DeviceFault = 0x20;
    private const byte Busy = 0x80;
    private const uint Data = 0;
    private const uint DeviceHead = 6;
    private const uint StatusCommand = 7;
    private const uint Control = 2;
    private const byte InterruptsOff = 2;
    private const byte SoftReset = 4;
    private const int BusMasterBar = 4;
    private const uint MasterStatus = 2;
    private const uint MasterTable = 4;
    private const byte MasterStart = 1;
    private const byte MasterToMemory = 8;
    private const byte MasterFailed = 2;
    private const byte MasterClear = 6;
    private const uint MostRegion = 65536;
    private const uint EndOfTable = 0x8000_0000;

    private static readonly VirtualTime ResetPulse = VirtualTime.FromMicroseconds(10);

    private readonly DriverMemory _table = new(host);
    private bool _isEnabled;

    /// <summary>For traces.</summary>
    public string Name => $"{function.Name} channel {channel}";

    /// <summary>The firmware.</summary>
    internal DriverHost Host => host;

    private int CommandBar => 2 * channel;

    private int ControlBar => (2 * channel) + 1;

    private uint Master => 8 * (uint)channel;

    private byte AlternateStatus => (byte)function.Read(ControlBar, Control, 1);

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("table", _table);
        state.Field("enabled", ref _isEnabled);
    }

    /// <summary>Reads a register of the task file, 1 to 7.</summary>
    internal byte Read(uint register) => (byte)function.Read(CommandBar, register, 1);

    /// <summary>Writes a register of the task file, 1 to 7.</summary>
    internal void Write(uint register, byte value) => function.Write(CommandBar, register, value, 1);

    /// <summary>Selects a drive and waits until it takes commands. False when it does not, or no drive is on the channel.</summary>
    /// <param name="drive">0 or 1.</param>
    /// <param name="bits">What else the device register is to hold.</param>
    internal bool TrySelect(int drive, byte bits)
    {
        const byte Obsolete = 0xa0;
        const byte Floating = 0x7f;
        Write(DeviceHead, (byte)(Obsolete | (drive << 4) | bits));
        return _isEnabled && AlternateStatus is not (Floating or 0xff) && TryWaitIdle(DataRequest);
    }

    /// <summary>Starts a command.</summary>
    internal void Start(byte command) => Write(StatusCommand, command);

    /// <summary>Waits for the end of a command, or for its next block. False when it failed, or did neither in time.</summary>
    internal bool TryWaitBlock(out bool hasBlock)
    {
        bool ok = TryWaitIdle(0);
        byte status = Read(StatusCommand);
        hasBlock = (status & DataRequest) != 0;
        return ok && (status & (Error | DeviceFault)) == 0;
    }

    /// <summary>Takes a block by the data register; an even number of bytes.</summary>
    internal void ReadData(Span<byte> bytes)
    {
        int at = 0;
        for (; at + 4 <= bytes.Length; at += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], function.Read(CommandBar, Data, 4));
        }

        if (at < bytes.Length)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)function.Read(CommandBar, Data, 2));
        }
    }

    /// <summary>Gives a block by the data register; an even number of bytes.</summary>
    internal void WriteData(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        for (; at + 4 <= bytes.Length; at += 4)
        {
            function.Write(CommandBar, Data, BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), 4);
        }

        if (at < bytes.Length)
        {
            function.Write(CommandBar, Data, BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]), 2);
        }
    }

    /// <summary>Runs a command that answers with one sector. False when the selected drive does not know it.</summary>
    internal bool TryIdentify(byte command, Span<byte> identity)
    {
        Start(command);
        if (!TryWaitBlock(out bool hasBlock) || !hasBlock)
        {
            return false;
        }

        ReadData(identity);
        return TryWaitBlock(out hasBlock) && !hasBlock;
    }

    /// <summary>Tells the bus master where the data of the next command goes. False where it cannot go: odd addresses, and those above 4 GiB.</summary>
    internal bool TryPrepareMaster(ulong address, uint length, bool toMemory)
    {
        uint entries = (uint)(((address & (MostRegion - 1)) + length + MostRegion - 1) / MostRegion);
        if ((address & 1) != 0 || (length & 1) != 0 || address + length > uint.MaxValue || entries * 8 > _table.Size)
        {
            return false;
        }

        for (uint i = 0; i < entries; i++)
        {
            // No region crosses a multiple of 64 KiB; a length of 0 means all of that.
            uint part = Math.Min(length, MostRegion - ((uint)address & (MostRegion - 1)));
            _table.Write32(8 * i, (uint)address, Endianness.Little);
            _table.Write32((8 * i) + 4, (part & (MostRegion - 1)) | (i == entries - 1 ? EndOfTable : 0), Endianness.Little);
            address += part;
            length -= part;
        }

        WriteMaster(0, 0, 1);
        WriteMaster(MasterStatus, MasterClear, 1);
        WriteMaster(MasterTable, (uint)_table.Start, 4);
        WriteMaster(0, toMemory ? MasterToMemory : 0u, 1);
        return true;
    }

    /// <summary>Lets the bus master move the data of the command that was started, and waits for its end.</summary>
    internal bool TryRunMaster(bool toMemory)
    {
        WriteMaster(0, MasterStart | (toMemory ? MasterToMemory : 0u), 1);
        bool ok = TryWaitIdle(DataRequest);
        WriteMaster(0, 0, 1);
        byte master = (byte)function.Read(BusMasterBar, Master + MasterStatus, 1);
        WriteMaster(MasterStatus, MasterClear, 1);
        return ok && (Read(StatusCommand) & (Error | DeviceFault | DataRequest)) == 0 && (master & MasterFailed) == 0;
    }

    /// <summary>Ends whatever a drive still does after a command that did not end.</summary>
    internal void Recover()
    {
        WriteMaster(0, 0, 1);
        ResetDrives();
        function.Write(ControlBar, Control, InterruptsOff, 1);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        _isEnabled = function.TryEnable();
        if (!_isEnabled || !_table.TryClaim(GuestMemory.PageSize))
        {
            host.Report(Name, "no room for its registers or its table");
            return false;
        }

        function.Write(ControlBar, Control, InterruptsOff, 1);
        return true;
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        if (_isEnabled)
        {
            WriteMaster(0, 0, 1);
            WriteMaster(MasterStatus, MasterClear, 1);
            WriteMaster(MasterTable, 0, 4);
            ResetDrives();
            function.Disable();
            _isEnabled = false;
        }

        _table.Release();
    }

    private void ResetDrives()
    {
        function.Write(CommandBar, DeviceHead, 0, 1);
        function.Write(ControlBar, Control, SoftReset | InterruptsOff, 1);
        _ = host.Pause(ResetPulse);
        function.Write(ControlBar, Control, 0, 1);
        _ = TryWaitIdle(0);
    }

    private bool TryWaitIdle(byte alsoClear) => alsoClear == 0
        ? host.WaitUntil(this, static drive => (drive.AlternateStatus & Busy) == 0, DriverHost.CommandLimit)
        : host.WaitUntil(this, static drive => (drive.AlternateStatus & (Busy | DataRequest)) == 0, DriverHost.CommandLimit);

    private void WriteMaster(uint register, uint value, int size) => function.Write(BusMasterBar, Master + register, value, size);
}

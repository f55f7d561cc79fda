using Firmament.Core.Io;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// One UHCI USB controller of the south bridge (functions 2 and 3): 32 I/O ports, two root hub ports with nothing plugged in. Source: Intel UHCI Design Guide 1.1.
/// </summary>
/// <remarks>
/// The controller resets, runs and stops, and its frame number advances with time. Not modelled: the schedule. With no device on either
/// port no transfer descriptor can succeed, so the frame list is never read and no interrupt ever raised.
/// </remarks>
public sealed class Vt8231Usb : Vt8231Function, IMmioTarget
{
    private const long Frame = 1_000_000;

    private static readonly RegisterMap<Vt8231Usb> Registers = new()
    {
        { 0x00, "USBCMD", Access.ReadWrite, 0x0000, static u => u._command, static (u, v) => u.WriteCommand((ushort)v) },
        { 0x02, "USBSTS", Access.ReadWrite, 0x0020, static u => u._status, static (u, v) => u.ClearStatus((ushort)v) },
        { 0x04, "USBINTR", Access.ReadWrite, 0x0000, static u => u._interruptEnable, static (u, v) => u._interruptEnable = (ushort)(v & 0xf) },
        { 0x06, "FRNUM", Access.ReadWrite, 0x0000, static u => u.FrameNumber(), static (u, v) => u.SetFrameNumber((ushort)v) },
        { 0x08, "FLBASEADD low", Access.ReadWrite, 0x0000, static u => u._frameList & 0xffff, static (u, v) => u._frameList = (u._frameList & 0xffff_0000) | (v & 0xf000) },
        { 0x0a, "FLBASEADD high", Access.ReadWrite, 0x0000, static u => u._frameList >> 16, static (u, v) => u._frameList = (u._frameList & 0xffff) | (v << 16) },
        { 0x0c, "SOFMOD", Access.ReadWrite, 0x0040, static u => u._frameModify, static (u, v) => u._frameModify = (byte)(v & 0x7f) },
        { 0x10, "PORTSC1", Access.ReadWrite, 0x0080, static u => u.ReadPort(0), static (u, v) => u.WritePort(0, (ushort)v) },
        { 0x12, "PORTSC2", Access.ReadWrite, 0x0080, static u => u.ReadPort(1), static (u, v) => u.WritePort(1, (ushort)v) },
    };

    private readonly Scheduler _scheduler;
    private readonly ushort[] _ports = new ushort[2];
    private ushort _command;
    private ushort _status;
    private ushort _interruptEnable;
    private ushort _frame;
    private uint _frameList;
    private byte _frameModify;
    private long _runningSince;

    internal Vt8231Usb(int index, Scheduler scheduler)
        : base(0x3038, 0x0c0300, 0x1e, interruptPin: 4)
    {
        Name = $"usb{index}";
        _scheduler = scheduler;
        DefineBar(4, PciSpace.Io, 32, this);
        Define8(0x0d, 0x16, 0xf8);
        Define8(0x40, 0x00, 0xff);
        Define8(0x41, 0x10, 0xff);
        Define8(0x60, 0x10, 0x00); // USB release 1.0
        Define16(0xc0, 0x2000, 0x20bf); // legacy support
        Reset();
    }

    /// <inheritdoc/>
    public override string Name { get; }

    private bool Running => (_command & 1) != 0;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (size == 4)
        {
            return Read(offset, 2) | (Read(offset + 2, 2) << 16);
        }

        uint aligned = (uint)offset & ~1u;
        if (!Registers.TryRead(this, aligned, out uint value))
        {
            return ulong.MaxValue >> (64 - (8 * size));
        }

        return size == 1 ? (byte)(value >> (8 * (int)(offset & 1))) : value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (size == 4)
        {
            Write(offset, value & 0xffff, 2);
            Write(offset + 2, value >> 16, 2);
            return;
        }

        uint aligned = (uint)offset & ~1u;
        if (size == 1)
        {
            // Byte writes fill the other half with what it holds, except in registers whose bits are cleared by ones.
            int shift = 8 * (int)(offset & 1);
            uint keep = 0;
            if (aligned != 2)
            {
                Registers.TryRead(this, aligned, out keep);
                keep &= aligned is 0x10 or 0x12 ? ~0x0au : ~0u;
            }

            value = (keep & ~(0xffu << shift)) | ((uint)(byte)value << shift);
        }

        Registers.TryWrite(this, aligned, (ushort)value);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        ResetController();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("command", ref _command);
        state.Field("status", ref _status);
        state.Field("interruptEnable", ref _interruptEnable);
        state.Field("frame", ref _frame);
        state.Field("frameList", ref _frameList);
        state.Field("frameModify", ref _frameModify);
        state.Field("runningSince", ref _runningSince);
        state.Field("port1", ref _ports[0]);
        state.Field("port2", ref _ports[1]);
    }

    private void ResetController()
    {
        _command = 0;
        _status = 0x20;
        _interruptEnable = _frame = 0;
        _frameList = 0;
        _frameModify = 0x40;
        Array.Clear(_ports);
    }

    private void WriteCommand(ushort value)
    {
        if ((value & 2) != 0)
        {
            // HCRESET clears itself when the reset is done.
            ResetController();
            return;
        }

        _frame = (ushort)FrameNumber();
        _runningSince = _scheduler.Now.Nanoseconds;
        // Global reset (bit 2) stays until software clears it; it holds the controller halted.
        _command = (ushort)(value & 0x00ff);
        _status = (ushort)(Running && (value & 4) == 0 ? _status & ~0x20 : _status | 0x20);
    }

    private void ClearStatus(ushort value) => _status &= (ushort)~(value & 0x1f);

    private uint FrameNumber()
    {
        long frames = Running ? (_scheduler.Now.Nanoseconds - _runningSince) / Frame : 0;
        return (uint)(_frame + frames) & 0x7ff;
    }

    private void SetFrameNumber(ushort value)
    {
        // UHCI 2.1.4: written only while halted.
        if (!Running)
        {
            _frame = (ushort)(value & 0x7ff);
        }
    }

    // Bit 7 always reads 1; no connection, no change, both lines low. Only reset, suspend and resume detect are kept.
    private uint ReadPort(int port) => _ports[port] | 0x80u;

    private void WritePort(int port, ushort value) => _ports[port] = (ushort)(value & 0x1240);
}

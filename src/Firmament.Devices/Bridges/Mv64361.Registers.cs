using Firmament.Core.Io;

namespace Firmament.Devices.Bridges;

/// <summary>The register file: names, reset values and behaviour by offset, and its dispatch.</summary>
public sealed partial class Mv64361
{
    private const uint EthernetFirst = 0x2000;
    private const uint EthernetLast = 0x3fff;

    /// <summary>
    /// Rows without bodies hold what was written. Reset values of the windows are the board's (pegasos2.md section 3), as its configuration EEPROM gives them.
    /// </summary>
    internal static readonly RegisterMap<Mv64361> Registers = CreateRegisters();

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        uint at = (uint)offset & 0xffff;
        if (size == 8)
        {
            return Read(offset, 4) | (Read(offset + 4, 4) << 32);
        }

        int lane = (int)(at & 3);
        uint aligned = at & ~3u;
        ulong mask = ulong.MaxValue >> (64 - (8 * size));
        return aligned switch
        {
            0xcfc => _config0.Read(lane, Math.Min(size, 4 - lane)),
            0xc7c => _config1.Read(lane, Math.Min(size, 4 - lane)),
            // The vector is in the low byte; one cycle whatever the size of the access, and none for the other bytes.
            0xc34 when lane == 0 => Acknowledge(InterruptAcknowledge0, "PCI0"),
            0xcb4 when lane == 0 => Acknowledge(InterruptAcknowledge1, "PCI1"),
            0xc34 or 0xcb4 => 0,
            _ => (ReadRegister(aligned) >> (8 * lane)) & mask,
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        uint at = (uint)offset & 0xffff;
        if (size == 8)
        {
            Write(offset, (uint)value, 4);
            Write(offset + 4, value >> 32, 4);
            return;
        }

        int lane = (int)(at & 3);
        uint aligned = at & ~3u;
        switch (aligned)
        {
            case 0xcfc:
                _config0.Write(lane, (uint)value, Math.Min(size, 4 - lane));
                return;
            case 0xc7c:
                _config1.Write(lane, (uint)value, Math.Min(size, 4 - lane));
                return;
        }

        if (size < 4)
        {
            uint mask = (uint)((ulong.MaxValue >> (64 - (8 * size))) << (8 * lane));
            value = (ReadRegister(aligned) & ~mask) | (((uint)value << (8 * lane)) & mask);
        }

        WriteRegister(aligned, (uint)value);
    }

    private static byte Acknowledge(Func<byte>? controller, string bus, Core.Tracing.Tracer tracer)
    {
        if (controller == null)
        {
            tracer.GuestError("mv64361", $"interrupt acknowledge on {bus}: no interrupt controller sits there");
            return 0xff;
        }

        return controller();
    }

    private byte Acknowledge(Func<byte>? controller, string bus) => Acknowledge(controller, bus, _tracer);

    private uint ReadRegister(uint offset)
    {
        if (Registers[offset] is not { } register)
        {
            ReportUnmodelled("read", offset);
            return _stored[offset >> 2];
        }

        return register.Access == Access.WriteOnly ? 0 : register.Read?.Invoke(this) ?? _stored[offset >> 2];
    }

    private void WriteRegister(uint offset, uint value)
    {
        if (Registers[offset] is not { } register)
        {
            ReportUnmodelled("write", offset);
            _stored[offset >> 2] = value;
        }
        else if (register.Write != null)
        {
            register.Write(this, value);
        }
        else if (register.Access != Access.ReadOnly)
        {
            _stored[offset >> 2] = value;
        }
    }

    private void ReportUnmodelled(string what, uint offset)
    {
        string unit = offset switch
        {
            >= EthernetFirst and <= EthernetLast => "Ethernet",
            >= 0x0800 and <= 0x08ff => "IDMA",
            >= 0x1400 and <= 0x14ff => "SDRAM controller",
            >= 0x8000 and <= 0xafff => "MPSC serial",
            >= 0xb000 and <= 0xb2ff => "baud rate generator or watchdog",
            >= 0xc000 and <= 0xc0ff => "I2C",
            >= 0x0c00 and <= 0x0fff or >= 0x1c00 and <= 0x1eff => "PCI",
            _ => "chip",
        };
        _tracer.GuestError("mv64361", $"{what} of {unit} register 0x{offset:x4}: not modelled, the value is only stored");
    }

    private static RegisterMap<Mv64361> CreateRegisters()
    {
        RegisterMap<Mv64361> map = new()
        {
            // CPU interface. Bit 23 always reads 1; bits outside the mask are reserved.
            { CpuConfiguration, "CPU Configuration", Access.ReadWrite, 0x0280_00ff, null, static (c, v) => c._stored[0] = (v & 0x0e4e_3bff) | 0x0080_0000 },
            { 0x120, "CPU Mode", Access.ReadOnly, 0 },
            { 0x160, "CPU Master Control", Access.ReadWrite, 0 },
            { 0x150, "CPU Crossbar Control Low", Access.ReadWrite, 0 },
            { 0x158, "CPU Crossbar Control High", Access.ReadWrite, 0 },
            { 0x168, "CPU Crossbar Timeout", Access.ReadWrite, 0 },
            { 0x140, "CPU Error Cause", Access.ReadWrite, 0, null, static (c, v) => c._stored[0x140 >> 2] &= v },
            { 0x148, "CPU Error Mask", Access.ReadWrite, 0 },

            // SDRAM, device and boot chip selects: kept; the machine maps RAM and ROM itself.
            { 0x008, "CS0 Base", Access.ReadWrite, 0 },
            { 0x010, "CS0 Size", Access.ReadWrite, 0 },
            { 0x208, "CS1 Base", Access.ReadWrite, 0 },
            { 0x210, "CS1 Size", Access.ReadWrite, 0 },
            { 0x018, "CS2 Base", Access.ReadWrite, 0 },
            { 0x020, "CS2 Size", Access.ReadWrite, 0 },
            { 0x218, "CS3 Base", Access.ReadWrite, 0 },
            { 0x220, "CS3 Size", Access.ReadWrite, 0 },
            { 0x028, "DevCS0 Base", Access.ReadWrite, 0 },
            { 0x030, "DevCS0 Size", Access.ReadWrite, 0 },
            { 0x228, "DevCS1 Base", Access.ReadWrite, 0 },
            { 0x230, "DevCS1 Size", Access.ReadWrite, 0 },
            { 0x248, "DevCS2 Base", Access.ReadWrite, 0 },
            { 0x250, "DevCS2 Size", Access.ReadWrite, 0 },
            { 0x038, "DevCS3 Base", Access.ReadWrite, 0 },
            { 0x040, "DevCS3 Size", Access.ReadWrite, 0 },
            { 0x238, "BootCS Base", Access.ReadWrite, 0x0000_fff0 },
            { 0x240, "BootCS Size", Access.ReadWrite, 0x0000_0007 },

            { RegisterBase, "Internal Registers Base", Access.ReadWrite, 0x0100_f100, null, static (c, v) => c.WriteWindow(RegisterBase, v & 0x0f0f_ffff) },
            { SramBase, "SRAM Base", Access.ReadWrite, 0x0000_4200, null, static (c, v) => c.WriteWindow(SramBase, v & 0x000f_ffff) },
            { BaseAddressDisable, "Base Address Enable", Access.ReadWrite, 0x000f_bfff, null, static (c, v) => c.WriteWindow(BaseAddressDisable, v & 0x001f_ffff) },
            { 0x380, "SRAM Configuration", Access.ReadWrite, 0 },
            { 0x388, "SRAM Error Cause", Access.ReadWrite, 0, null, static (c, v) => c._stored[0x388 >> 2] &= v },

            // Main interrupt controller.
            { 0x004, "Main Interrupt Cause Low", Access.ReadOnly, 0, static c => (uint)c._interrupts.Cause },
            { 0x00c, "Main Interrupt Cause High", Access.ReadOnly, 0, static c => (uint)(c._interrupts.Cause >> 32) },
            { 0x014, "CPU Interrupt 0 Mask Low", Access.ReadWrite, 0, static c => c._interrupts.ReadMask(0, false), static (c, v) => c._interrupts.WriteMask(0, false, v) },
            { 0x01c, "CPU Interrupt 0 Mask High", Access.ReadWrite, 0, static c => c._interrupts.ReadMask(0, true), static (c, v) => c._interrupts.WriteMask(0, true, v) },
            { 0x024, "CPU Interrupt 0 Select Cause", Access.ReadOnly, 0, static c => c._interrupts.SelectCause(0) },
            { 0x034, "CPU Interrupt 1 Mask Low", Access.ReadWrite, 0, static c => c._interrupts.ReadMask(1, false), static (c, v) => c._interrupts.WriteMask(1, false, v) },
            { 0x03c, "CPU Interrupt 1 Mask High", Access.ReadWrite, 0, static c => c._interrupts.ReadMask(1, true), static (c, v) => c._interrupts.WriteMask(1, true, v) },
            { 0x044, "CPU Interrupt 1 Select Cause", Access.ReadOnly, 0, static c => c._interrupts.SelectCause(1) },

            // PCI configuration. The data and acknowledge registers are dispatched by byte lane in Read and Write.
            { 0xcf8, "PCI0 Configuration Address", Access.ReadWrite, 0, static c => c._config0.Address, static (c, v) => c._config0.Address = v },
            { 0xc78, "PCI1 Configuration Address", Access.ReadWrite, 0, static c => c._config1.Address, static (c, v) => c._config1.Address = v },

            // Timers.
            { 0x850, "Timer 0", Access.ReadWrite, 0, static c => c._timers.Read(0), static (c, v) => c._timers.Write(0, v) },
            { 0x854, "Timer 1", Access.ReadWrite, 0, static c => c._timers.Read(1), static (c, v) => c._timers.Write(1, v) },
            { 0x858, "Timer 2", Access.ReadWrite, 0, static c => c._timers.Read(2), static (c, v) => c._timers.Write(2, v) },
            { 0x85c, "Timer 3", Access.ReadWrite, 0, static c => c._timers.Read(3), static (c, v) => c._timers.Write(3, v) },
            { 0x864, "Timer Control", Access.ReadWrite, 0, static c => c._timers.Control, static (c, v) => c._timers.Control = v },
            { 0x868, "Timer Interrupt Cause", Access.ReadWrite, 0, static c => c._timers.Cause, static (c, v) => c._timers.Cause = v },
            { 0x86c, "Timer Interrupt Mask", Access.ReadWrite, 0, static c => c._timers.Mask, static (c, v) => c._timers.Mask = v },

            // Ethernet unit. Not modelled: the three ports. The serial management interface is never busy and no PHY drives the data line.
            { 0x2000, "Ethernet PHY Address", Access.ReadWrite, 0x98 },
            { 0x2004, "Ethernet SMI", Access.ReadWrite, 0, static _ => 0x0800_ffff, static (_, _) => { } },

            // General purpose port.
            { 0xf100, "GPP I/O Control", Access.ReadWrite, 0, static c => c._gpp.OutputEnable, static (c, v) => c._gpp.OutputEnable = v },
            { 0xf110, "GPP Level Control", Access.ReadWrite, 0, static c => c._gpp.ActiveLow, static (c, v) => c._gpp.ActiveLow = v },
            { 0xf104, "GPP Value", Access.ReadWrite, 0, static c => c._gpp.Value, static (c, v) => c._gpp.WriteValue(v) },
            { 0xf108, "GPP Interrupt Cause", Access.ReadWrite, 0, static c => c._gpp.Cause, static (c, v) => c._gpp.ClearCause(v) },
            { 0xf10c, "GPP Interrupt Mask 0", Access.ReadWrite, 0, static c => c._gpp.Mask0, static (c, v) => c._gpp.Mask0 = v },
            { 0xf114, "GPP Interrupt Mask 1", Access.ReadWrite, 0, static c => c._gpp.Mask1, static (c, v) => c._gpp.Mask1 = v },
            { 0xf118, "GPP Value Set", Access.WriteOnly, 0, null, static (c, v) => c._gpp.SetValue(v) },
            { 0xf11c, "GPP Value Clear", Access.WriteOnly, 0, null, static (c, v) => c._gpp.ClearValue(v) },
            {
                0xf300, "CUNIT Arbiter Control", Access.ReadWrite, 0x11ff_0000,
                static c => (c._stored[0xf300 >> 2] & ~0x400u) | (c._gpp.LevelMode ? 0x400u : 0),
                static (c, v) => { c._stored[0xf300 >> 2] = v; c._gpp.LevelMode = (v & 0x400) != 0; }
            },
        };

        AddWindows(map);
        return map;
    }

    private static void AddWindows(RegisterMap<Mv64361> map)
    {
        (uint Base, uint Size, uint Remap)[] reset =
        [
            (0x0100_f800, 0xff, 0), (0x0100_c000, 0x1fff, 0xc000), (0x0100_f900, 0xff, 0), (0x0100_f400, 0x1ff, 0xf400), (0x0100_f600, 0x1ff, 0xf600),
            (0x0100_fe00, 0xff, 0), (0x0100_8000, 0x3fff, 0x8000), (0x0100_fd00, 0xff, 0), (0x0100_2600, 0x1ff, 0x2600), (0x0100_ff80, 0x7f, 0xff80),
        ];
        uint[] high = [0x320, 0x328, 0x330, 0x338, 0x340, 0x348, 0x350, 0x358];
        for (int i = 0; i < reset.Length; i++)
        {
            Mv64361Window window = Mv64361Window.All[i];
            map.Add(window.Base, window.Name + " Base", Access.ReadWrite, reset[i].Base, null, (c, v) => c.WriteBase(window, v));
            map.Add(window.Size, window.Name + " Size", Access.ReadWrite, reset[i].Size, null, (c, v) => c.WriteWindow(window.Size, v & 0xffff));
            map.Add(window.Remap, window.Name + " Remap Low", Access.ReadWrite, reset[i].Remap, null, (c, v) => c.WriteWindow(window.Remap, v & 0xffff));
        }

        // Bus addresses above 4 GiB: kept. Not modelled: dual address cycles.
        for (int i = 0; i < high.Length; i++)
        {
            map.Add(high[i], $"pci{i / 4}-mem{i % 4} Remap High", Access.ReadWrite, 0);
        }
    }
}

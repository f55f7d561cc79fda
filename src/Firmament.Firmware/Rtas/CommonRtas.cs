namespace Firmament.Firmware.Rtas;

/// <summary>Bodies of RTAS calls that more than one machine has. A machine's table names them.</summary>
/// <param name="platform">The machine.</param>
public sealed class CommonRtas(IFirmwarePlatform platform)
{
    // Longest transfer between NVRAM and guest in one call; NVRAMs are smaller.
    private const uint MostNvramBytes = 1 << 20;

    /// <summary>The machine.</summary>
    public IFirmwarePlatform Platform => platform;

    /// <summary>nvram-fetch: offset, buffer, length → status, bytes.</summary>
    public uint NvramFetch(CallBlock call)
    {
        if (!TryGetNvramRange(call, out int offset, out int length))
        {
            return platform.Nvram == null ? RtasStatus.HardwareError : RtasStatus.ParameterError;
        }

        byte[] bytes = new byte[length];
        if (!call.Space.CanAccess(call[1], (ulong)length, write: true) || !platform.Nvram!.TryRead(offset, bytes))
        {
            return RtasStatus.ParameterError;
        }

        _ = call.Space.TryWrite(call[1], bytes);
        call.Return(1, (uint)length);
        return RtasStatus.Success;
    }

    /// <summary>nvram-store: offset, buffer, length → status, bytes.</summary>
    public uint NvramStore(CallBlock call)
    {
        if (!TryGetNvramRange(call, out int offset, out int length))
        {
            return platform.Nvram == null ? RtasStatus.HardwareError : RtasStatus.ParameterError;
        }

        byte[] bytes = new byte[length];
        if (!call.Space.TryRead(call[1], bytes))
        {
            return RtasStatus.ParameterError;
        }

        if (!platform.Nvram!.TryWrite(offset, bytes))
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, (uint)length);
        return RtasStatus.Success;
    }

    /// <summary>get-time-of-day → status, year, month, day, hour, minute, second, nanosecond; UTC.</summary>
    public uint GetTimeOfDay(CallBlock call)
    {
        if (platform.Clock is not { } clock)
        {
            return RtasStatus.HardwareError;
        }

        DateTime now = clock.Read();
        call.Return(
            1,
            [(uint)now.Year, (uint)now.Month, (uint)now.Day, (uint)now.Hour, (uint)now.Minute, (uint)now.Second, CalendarTime.Nanoseconds(now)]);
        return RtasStatus.Success;
    }

    /// <summary>set-time-of-day: year, month, day, hour, minute, second, nanosecond → status.</summary>
    public uint SetTimeOfDay(CallBlock call)
    {
        if (platform.Clock is not { } clock)
        {
            return RtasStatus.HardwareError;
        }

        return CalendarTime.TryCreate(call[0], call[1], call[2], call[3], call[4], call[5], call[6], out DateTime time) && clock.TrySet(time)
            ? RtasStatus.Success
            : RtasStatus.ParameterError;
    }

    /// <summary>read-pci-config: address, size → status, value. A function that does not exist reads as all ones.</summary>
    public uint ReadPciConfig(CallBlock call)
    {
        if (!TryGetRegister(call, out PciConfigurationAddress address, out int register, out int size))
        {
            return RtasStatus.ParameterError;
        }

        if (platform.Pci?.TryRead(address, register, size, out uint value) != true)
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, value);
        return RtasStatus.Success;
    }

    /// <summary>write-pci-config: address, size, value → status.</summary>
    public uint WritePciConfig(CallBlock call)
    {
        if (!TryGetRegister(call, out PciConfigurationAddress address, out int register, out int size))
        {
            return RtasStatus.ParameterError;
        }

        uint value = call[2] & (uint.MaxValue >> (32 - (8 * size)));
        return platform.Pci?.TryWrite(address, register, size, value) == true ? RtasStatus.Success : RtasStatus.HardwareError;
    }

    /// <summary>display-character: character → status.</summary>
    public uint DisplayCharacter(CallBlock call)
    {
        platform.Console.Write([(byte)call[0]]);
        return RtasStatus.Success;
    }

    /// <summary>power-off: two masks of wake-up events, which no machine here has → status.</summary>
    public uint PowerOff()
    {
        platform.Request(PlatformRequest.PowerOff, "");
        return RtasStatus.Success;
    }

    /// <summary>system-reboot → status.</summary>
    public uint SystemReboot()
    {
        platform.Request(PlatformRequest.Reset, "");
        return RtasStatus.Success;
    }

    private bool TryGetNvramRange(CallBlock call, out int offset, out int length)
    {
        (offset, length) = ((int)call[0], (int)call[2]);
        return platform.Nvram is { } nvram && call[2] <= MostNvramBytes && call[0] <= (uint)nvram.Size && call[2] <= (uint)nvram.Size - call[0];
    }

    /// <summary>Register in bits 7:0, function 10:8, device 15:11, bus 23:16, hose 31:24 (Linux arch/powerpc/platforms/chrp/pci.c).</summary>
    private static bool TryGetRegister(CallBlock call, out PciConfigurationAddress address, out int register, out int size)
    {
        uint cell = call[0];
        address = new PciConfigurationAddress((int)(cell >> 24), (int)(cell >> 16) & 0xff, (int)(cell >> 11) & 0x1f, (int)(cell >> 8) & 7);
        register = (int)(cell & 0xff);
        size = (int)call[1];
        return call[1] is 1 or 2 or 4 && register % size == 0;
    }
}

namespace Firmament.Firmware.Booting;

/// <summary>A program that a device offers to boot, found and not yet read.</summary>
public abstract class BootProgram
{
    /// <summary>Names it for what takes arguments of the device: `/chosen` `bootpath` is the device's path, ":" and this. "" for the device as it was opened.</summary>
    public required string DeviceArguments { get; init; }

    /// <summary>True for Forth text, to be evaluated and not started.</summary>
    public bool IsScript { get; init; }

    /// <summary>Bytes; −1 when only reading it will tell.</summary>
    public abstract long Length { get; }

    /// <summary>Reads it into memory.</summary>
    /// <param name="space">What <paramref name="address"/> means.</param>
    /// <param name="address">Of the first byte.</param>
    /// <param name="room">Most bytes.</param>
    /// <returns>Bytes read, or −1 when the device failed, the memory is none, or the program is larger.</returns>
    public abstract long Load(GuestAddressSpace space, ulong address, long room);
}

using Firmament.Volumes;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>Bytes of a device that it can also put into a client's memory by itself.</summary>
internal interface IDirectSource : IByteSource
{
    /// <summary>Reads into a client's memory.</summary>
    /// <param name="offset">Bytes from the start of the device.</param>
    /// <param name="space">What <paramref name="address"/> means.</param>
    /// <param name="address">Of the first byte.</param>
    /// <param name="length">Bytes; all of them are on the device.</param>
    /// <returns>Bytes read; less than asked when the device or the address failed.</returns>
    ulong Read(long offset, GuestAddressSpace space, ulong address, ulong length);
}

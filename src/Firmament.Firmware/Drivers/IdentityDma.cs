namespace Firmament.Firmware.Drivers;

/// <summary>A bus without an IOMMU, or a device that goes past it: RAM lies at its physical address.</summary>
public sealed class IdentityDma : IDmaMapper
{
    private IdentityDma()
    {
    }

    /// <summary>The only one.</summary>
    public static IdentityDma Instance { get; } = new();

    /// <inheritdoc/>
    public bool TryMap(ulong address, ulong length, out ulong busAddress)
    {
        busAddress = address;
        return true;
    }

    /// <inheritdoc/>
    public void Unmap(ulong busAddress)
    {
    }
}

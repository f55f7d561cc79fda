using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>A transitional virtio device as a driver sees it that knows the legacy layout alone.</summary>
internal sealed class WithoutCapabilities(IPciFunctionAccess function) : IPciFunctionAccess
{
    public string Name => function.Name;

    public IDmaMapper Dma => function.Dma;

    public bool TryEnable() => function.TryEnable();

    public void Disable() => function.Disable();

    public uint ReadConfig(int offset, int size)
    {
        const int Status = 6;
        const uint HasCapabilities = 0x10;
        return function.ReadConfig(offset, size) & (offset == Status ? ~HasCapabilities : uint.MaxValue);
    }

    public void WriteConfig(int offset, uint value, int size) => function.WriteConfig(offset, value, size);

    public ulong Address(int bar) => function.Address(bar);

    public uint Read(int bar, uint offset, int size) => function.Read(bar, offset, size);

    public void Write(int bar, uint offset, uint value, int size) => function.Write(bar, offset, value, size);
}

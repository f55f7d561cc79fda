using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Tests.Drivers;

/// <summary>A function whose registers all read as one value, whatever is written.</summary>
internal sealed class DeadFunction(uint value) : IPciFunctionAccess
{
    public int Users { get; private set; }

    public string Name => "dead";

    public IDmaMapper Dma => IdentityDma.Instance;

    public bool TryEnable()
    {
        Users++;
        return true;
    }

    public void Disable() => Users--;

    public uint ReadConfig(int offset, int size) => value & (uint.MaxValue >> (32 - (8 * size)));

    public void WriteConfig(int offset, uint value, int size)
    {
    }

    public ulong Address(int bar) => 0;

    public uint Read(int bar, uint offset, int size) => value & (uint.MaxValue >> (32 - (8 * size)));

    public void Write(int bar, uint offset, uint value, int size)
    {
    }
}

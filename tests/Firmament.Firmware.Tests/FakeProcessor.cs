using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Firmware.Tests;

/// <summary>Registers, and page translation when <see cref="Pages"/> is set.</summary>
internal sealed class FakeProcessor(bool is64Bit = false) : IProcessor
{
    private readonly ulong[] _gpr = new ulong[32];

    /// <summary>Effective page → physical page; null = real mode.</summary>
    public Dictionary<ulong, ulong>? Pages { get; set; }

    /// <summary>Effective pages that may not be stored to.</summary>
    public HashSet<ulong> ReadOnlyPages { get; } = [];

    public ulong Pc { get; set; }

    public ulong Msr { get; set; } = 0x3002;

    public ulong Lr { get; set; } = 0x01000040;

    public int Index => 0;

    public bool Is64Bit => is64Bit;

    public ulong ReadGpr(int index) => _gpr[index];

    public void WriteGpr(int index, ulong value) => _gpr[index] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        if (write && ReadOnlyPages.Contains(effectiveAddress >> 12))
        {
            return false;
        }

        if (Pages == null)
        {
            return true;
        }

        bool mapped = Pages.TryGetValue(effectiveAddress >> 12, out ulong page);
        physicalAddress = new PhysicalAddress((page << 12) | (effectiveAddress & 0xfff));
        return mapped;
    }
}

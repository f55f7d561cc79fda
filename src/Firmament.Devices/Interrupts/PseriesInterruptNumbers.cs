namespace Firmament.Devices.Interrupts;

/// <summary>The interrupt source numbers of the pseries machine, the same for both controllers.</summary>
/// <remarks>They are those of QEMU's pseries, since guests' command lines, logs and saved trees know them.</remarks>
public static class PseriesInterruptNumbers
{
    /// <summary>First number that no source has.</summary>
    public const int Count = 0x2000;

    /// <summary>The first source of XICS; below are XIVE's inter-processor interrupts, one a CPU from 0.</summary>
    public const int FirstExternal = 0x1000;

    /// <summary>Environmental and power warnings (EPOW).</summary>
    public const int PowerEvent = 0x1000;

    /// <summary>Hot-plug events.</summary>
    public const int HotPlugEvent = 0x1001;

    /// <summary>Virtual I/O devices: this plus the low 8 bits of their unit address.</summary>
    public const int FirstVirtualIo = 0x1100;

    /// <summary>PCI INTA of host bridge 0; four numbers a bridge, 32 bridges.</summary>
    public const int FirstPciPin = 0x1200;

    /// <summary>The first number that <see cref="PseriesInterrupts.TryAllocate"/> gives out for MSIs.</summary>
    public const int FirstMessage = 0x1300;

    /// <summary>How many numbers there are for MSIs.</summary>
    public const int MessageCount = Count - FirstMessage;

    /// <summary>True for the PCI pins, the only sources that are levels.</summary>
    public static bool IsLevel(int number) => number is >= FirstPciPin and < FirstPciPin + 128;
}

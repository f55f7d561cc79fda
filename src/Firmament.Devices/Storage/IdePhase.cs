namespace Firmament.Devices.Storage;

/// <summary>What an IDE device does with its data register or DMA channel.</summary>
public enum IdePhase : byte
{
    /// <summary>No data moves.</summary>
    Idle,

    /// <summary>The host reads the data register.</summary>
    PioIn,

    /// <summary>The host writes the data register.</summary>
    PioOut,

    /// <summary>The bus master takes data from the device.</summary>
    DmaIn,

    /// <summary>The bus master gives data to the device.</summary>
    DmaOut,
}

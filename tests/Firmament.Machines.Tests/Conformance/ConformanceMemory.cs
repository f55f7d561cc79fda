namespace Firmament.Machines.Tests.Conformance;

/// <summary>Where things lie in the guest, which has 512 MiB.</summary>
internal static class ConformanceMemory
{
    /// <summary>Where the program copies itself, from wherever a firmware loaded it.</summary>
    public const uint Code = 0x0080_0000;

    /// <summary>Strings and variables.</summary>
    public const uint Data = Code + 0x4_0000;

    /// <summary>Bytes of code and data.</summary>
    public const uint ImageBytes = 0x6_0000;

    /// <summary>Bytes from <see cref="Code"/> on that the guest claims.</summary>
    public const uint AllBytes = 0x0060_0000;

    /// <summary>The buffer of the calls.</summary>
    public const uint Room = 0x0090_0000;

    /// <summary>Bytes of <see cref="Room"/>.</summary>
    public const uint RoomBytes = 0x1_0000;

    /// <summary>Where `load` may put 1 MiB and more.</summary>
    public const uint Load = 0x00a0_0000;

    /// <summary>First address behind RAM.</summary>
    public const uint End = 512u << 20;

    /// <summary>An address where no machine of the comparison has anything.</summary>
    public const uint Nowhere = 0x7000_0000;
}

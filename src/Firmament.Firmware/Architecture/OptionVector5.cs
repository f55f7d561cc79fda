namespace Firmament.Firmware.Architecture;

/// <summary>Bytes and bits of option vector 5. Source: LoPAPR 1.1 table 244; Linux arch/powerpc/include/asm/prom.h.</summary>
public static class OptionVector5
{
    /// <summary>Its number.</summary>
    public const int Number = 5;

    /// <summary>Byte 2: platform options.</summary>
    public const int Platform = 2;

    /// <summary>Byte 2: `ibm,dynamic-reconfiguration-memory`.</summary>
    public const byte DynamicMemory = 0x20;

    /// <summary>Byte 5: affinity.</summary>
    public const int Affinity = 5;

    /// <summary>Byte 5: associativity lists.</summary>
    public const byte AffinityForm1 = 0x80;

    /// <summary>Byte 5: associativity with distance tables; wins over form 1.</summary>
    public const byte AffinityForm2 = 0x20;

    /// <summary>Byte 6: events and resizing.</summary>
    public const int Events = 6;

    /// <summary>Byte 6: hot-plug events.</summary>
    public const byte HotPlugEvents = 0x04;

    /// <summary>Byte 6: H_RESIZE_HPT.</summary>
    public const byte ResizeHashTable = 0x01;

    /// <summary>Byte 22: format of dynamic memory.</summary>
    public const int DynamicMemoryFormat = 22;

    /// <summary>Byte 22: `ibm,dynamic-memory-v2`.</summary>
    public const byte DynamicMemoryV2 = 0x80;

    /// <summary>Byte 23: interrupt controller.</summary>
    public const int Interrupts = 23;

    /// <summary>Byte 24: translation.</summary>
    public const int Mmu = 24;

    /// <summary>Byte 25: extensions of hashed translation.</summary>
    public const int HashExtensions = 25;

    /// <summary>Byte 26: extensions of radix translation.</summary>
    public const int RadixExtensions = 26;

    /// <summary>Bytes 23 and 24: the newer of two modes (XIVE, radix).</summary>
    public const byte Newer = 0x40;

    /// <summary>Bytes 23 and 24: either mode. A platform may offer that; a client must choose.</summary>
    public const byte Either = 0x80;

    /// <summary>Byte 24: either mode, and the client may change it later.</summary>
    public const byte EitherThenSwitch = 0xc0;

    /// <summary>Byte 26: guest translation shootdown enable.</summary>
    public const byte GuestInvalidates = 0x40;
}

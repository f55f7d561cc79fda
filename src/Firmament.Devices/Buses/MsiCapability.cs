using System.Buffers.Binary;

namespace Firmament.Devices.Buses;

/// <summary>
/// The MSI capability of a function, with a 64-bit address and no masks: all vectors store to one address, and the low bits of the datum say
/// which it was. Its registers are the function's configuration space. Source: PCI Local Bus Specification 3.0, 6.8.1.
/// </summary>
public sealed class MsiCapability
{
    /// <summary>Most vectors the specification allows.</summary>
    public const int MostVectors = 32;

    internal const byte CapabilityId = 0x05;

    private const int ControlOffset = 2;
    private const int AddressOffset = 4;
    private const int DataOffset = 12;
    private const int Length = 14;
    private const ushort Enable = 1;
    private const int CapableShift = 1;
    private const int EnabledShift = 4;
    private const ushort CountMask = 7;
    private const ushort Has64BitAddress = 0x80;

    private readonly PciFunction _owner;
    private readonly int _capability;

    internal MsiCapability(PciFunction owner, int capability, int vectors)
    {
        _owner = owner;
        _capability = capability;
        Vectors = vectors;
    }

    /// <summary>How many vectors the function asks for: 1, 2, 4, 8, 16 or 32.</summary>
    public int Vectors { get; }

    /// <summary>True while the function uses MSI, and its interrupt pin is silent.</summary>
    public bool IsEnabled => (Control & Enable) != 0;

    /// <summary>How many vectors software gave it.</summary>
    public int Granted => Math.Min(1 << ((Control >> EnabledShift) & CountMask), Vectors);

    internal static int BodyLength => Length - ControlOffset;

    internal static ushort InitialControl(int vectors) =>
        (ushort)(Has64BitAddress | (System.Numerics.BitOperations.Log2((uint)vectors) << CapableShift));

    internal static ushort WritableControl => Enable | (CountMask << EnabledShift);

    private ushort Control => BinaryPrimitives.ReadUInt16LittleEndian(_owner.Config[(_capability + ControlOffset)..]);

    /// <summary>Interrupts by a vector; one beyond those granted shares the last. Nothing happens while MSI is off.</summary>
    public void Raise(int vector)
    {
        if (!IsEnabled || (uint)vector >= (uint)Vectors)
        {
            return;
        }

        int granted = Granted;
        uint datum = BinaryPrimitives.ReadUInt16LittleEndian(_owner.Config[(_capability + DataOffset)..]);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (datum & ~(uint)(granted - 1)) | (uint)Math.Min(vector, granted - 1));
        _ = _owner.Dma.TryWrite(BinaryPrimitives.ReadUInt64LittleEndian(_owner.Config[(_capability + AddressOffset)..]), bytes);
    }

    /// <summary>Sets where the vectors store, the first one's datum and how many there are, as platform firmware does; MSI stays on or off.</summary>
    public void SetMessage(ulong address, ushort data, int count)
    {
        int control = (Control & ~(CountMask << EnabledShift)) | (System.Numerics.BitOperations.Log2((uint)Math.Max(count, 1)) << EnabledShift);
        _owner.Poke(_capability + ControlOffset, (uint)control, sizeof(ushort));
        _owner.Poke(_capability + AddressOffset, (uint)address, sizeof(uint));
        _owner.Poke(_capability + AddressOffset + sizeof(uint), (uint)(address >> 32), sizeof(uint));
        _owner.Poke(_capability + DataOffset, data, sizeof(ushort));
    }
}

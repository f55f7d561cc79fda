namespace Firmament.Core.Memory;

/// <summary>An address on the processor's physical bus, in bytes. Never interchangeable with an effective address.</summary>
/// <param name="Value">The byte address.</param>
public readonly record struct PhysicalAddress(ulong Value) : IComparable<PhysicalAddress>
{
    /// <summary>The address <paramref name="offset"/> bytes above <paramref name="address"/>.</summary>
    public static PhysicalAddress operator +(PhysicalAddress address, ulong offset) => new(address.Value + offset);

    /// <summary>The address plus an offset in bytes.</summary>
    public PhysicalAddress Add(ulong offset) => this + offset;

    /// <inheritdoc/>
    public int CompareTo(PhysicalAddress other) => Value.CompareTo(other.Value);

    public static bool operator <(PhysicalAddress left, PhysicalAddress right) => left.Value < right.Value;
    public static bool operator >(PhysicalAddress left, PhysicalAddress right) => left.Value > right.Value;
    public static bool operator <=(PhysicalAddress left, PhysicalAddress right) => left.Value <= right.Value;
    public static bool operator >=(PhysicalAddress left, PhysicalAddress right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"0x{Value:x8}";
}

using System.Runtime.CompilerServices;

namespace Firmament.PowerPC.Semantics;

/// <summary>A 64-bit register's value, computed at once: the interpreter's word.</summary>
internal readonly struct Word64(ulong value) : IWord<Word64>
{
    public readonly ulong Value = value;

    public ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 From(ulong bits) => new(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 operator +(Word64 left, Word64 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 operator &(Word64 left, Word64 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 operator |(Word64 left, Word64 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 operator ^(Word64 left, Word64 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word64 operator ~(Word64 value) => new(~value.Value);
}

using System.Runtime.CompilerServices;

namespace Firmament.PowerPC.Semantics;

/// <summary>A 32-bit register's value, computed at once: the interpreter's word.</summary>
internal readonly struct Word32(uint value) : IWord<Word32>
{
    public readonly uint Value = value;

    public ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 From(ulong bits) => new((uint)bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 operator +(Word32 left, Word32 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 operator &(Word32 left, Word32 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 operator |(Word32 left, Word32 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 operator ^(Word32 left, Word32 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word32 operator ~(Word32 value) => new(~value.Value);
}

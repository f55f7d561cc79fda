namespace Firmament.PowerPC.Semantics;

/// <summary>
/// The value of a general register while semantics are evaluated: a number in the interpreter, an operand in the translator.
/// Arithmetic wraps at the register's width. Named 32-bit operations work on the low half.
/// </summary>
internal interface IWord<TWord> where TWord : struct, IWord<TWord>
{
    /// <summary>The value, zero-extended.</summary>
    ulong Bits { get; }

    /// <summary>A word that holds the low bits of a value.</summary>
    static abstract TWord From(ulong bits);

    static abstract TWord operator +(TWord left, TWord right);
    static abstract TWord operator &(TWord left, TWord right);
    static abstract TWord operator |(TWord left, TWord right);
    static abstract TWord operator ^(TWord left, TWord right);
    static abstract TWord operator ~(TWord value);
}

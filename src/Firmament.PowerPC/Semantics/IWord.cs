namespace Firmament.PowerPC.Semantics;

/// <summary>
/// The value of a general register while semantics are evaluated: a number in the interpreter, an operand in the translator.
/// Arithmetic wraps. Named 32-bit operations work on the low half and zero-extend.
/// </summary>
internal interface IWord<TWord> where TWord : struct, IWord<TWord>
{
    static abstract TWord operator +(TWord left, TWord right);
    static abstract TWord operator &(TWord left, TWord right);
    static abstract TWord operator |(TWord left, TWord right);
    static abstract TWord operator ^(TWord left, TWord right);
    static abstract TWord operator ~(TWord value);
}

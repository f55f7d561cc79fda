namespace Firmament.Firmware.Packages;

/// <summary>What `catch` returns: 0, or the code that was thrown (ANS Forth X3.215-1994, table 9.2).</summary>
public static class CatchResult
{
    /// <summary>The method ran to its end.</summary>
    public const int Ok = 0;

    /// <summary>The method gave up.</summary>
    public const int Abort = -1;

    /// <summary>More cells than the stack holds.</summary>
    public const int StackOverflow = -3;

    /// <summary>Fewer cells than the method takes.</summary>
    public const int StackUnderflow = -4;

    /// <summary>An address that is not memory.</summary>
    public const int InvalidAddress = -9;

    /// <summary>No such method; no Forth.</summary>
    public const int UnsupportedOperation = -21;
}

namespace Firmament.Firmware.Forth.Engine;

/// <summary>Throw codes (ANS Forth X3.215-1994 table 9.2) and what the prompt says about them.</summary>
internal static class ThrowCode
{
    public const int Abort = -1;
    public const int AbortMessage = -2;
    public const int StackOverflow = -3;
    public const int StackUnderflow = -4;
    public const int ReturnOverflow = -5;
    public const int ReturnUnderflow = -6;
    public const int DictionaryOverflow = -8;
    public const int InvalidAddress = -9;
    public const int DivisionByZero = -10;
    public const int ResultOutOfRange = -11;
    public const int UndefinedWord = -13;
    public const int CompileOnly = -14;
    public const int InvalidForget = -15;
    public const int NoName = -16;
    public const int PicturedOverflow = -17;
    public const int StringOverflow = -18;
    public const int NameTooLong = -19;
    public const int UnsupportedOperation = -21;
    public const int ControlMismatch = -22;
    public const int InvalidArgument = -24;
    public const int ReturnImbalance = -25;
    public const int UserInterrupt = -28;
    public const int CompilerNesting = -29;
    public const int NotCreated = -31;
    public const int InvalidName = -32;
    public const int SearchOverflow = -49;
    public const int SearchUnderflow = -50;
    public const int Quit = -56;
    public const int Allocate = -59;
    public const int Free = -60;

    // System codes, -256 to -4095 (X3.215 9.3.5).
    public const int StepLimit = -256;
    public const int NestingTooDeep = -257;
    public const int NoSuchDevice = -258;
    public const int NoInstance = -259;
    public const int NoActivePackage = -260;
    public const int NoSuchMethod = -21;
    public const int PropertyFailed = -261;
    public const int BadFCode = -262;
    public const int NoBootCommands = -263;
    public const int NoSuchVariable = -264;
    public const int BadVariable = -265;
    public const int TreeFull = -266;
    public const int InputTimeout = -267;

    public static string Describe(int code) => code switch
    {
        Abort => "aborted",
        AbortMessage => "aborted",
        StackOverflow => "stack overflow",
        StackUnderflow => "stack underflow",
        ReturnOverflow => "return stack overflow",
        ReturnUnderflow => "return stack underflow",
        DictionaryOverflow => "no memory left for the dictionary",
        InvalidAddress => "invalid memory address",
        DivisionByZero => "division by zero",
        ResultOutOfRange => "result out of range",
        UndefinedWord => "unknown word",
        CompileOnly => "only for use in a definition",
        InvalidForget => "cannot be forgotten",
        NoName => "a name is missing",
        PicturedOverflow => "number too long to print",
        StringOverflow => "string too long",
        NameTooLong => "name too long",
        UnsupportedOperation => "unsupported operation",
        ControlMismatch => "control structure mismatch",
        InvalidArgument => "invalid argument",
        ReturnImbalance => "return stack imbalance",
        UserInterrupt => "interrupted",
        CompilerNesting => "definitions cannot be nested",
        NotCreated => "not made by create",
        InvalidName => "cannot be set",
        SearchOverflow => "search order overflow",
        SearchUnderflow => "search order underflow",
        Allocate => "no memory left",
        Free => "memory was not allocated",
        StepLimit => "stopped: it ran too long",
        NestingTooDeep => "calls nested too deep",
        NoSuchDevice => "no such device",
        NoInstance => "no current instance",
        NoActivePackage => "no active package",
        PropertyFailed => "the property cannot be set",
        BadFCode => "bad FCode",
        NoBootCommands => "this machine cannot boot from here",
        NoSuchVariable => "no such configuration variable",
        BadVariable => "the value does not fit",
        TreeFull => "no room for another node",
        InputTimeout => "no input came",
        _ => $"exception {code}",
    };
}

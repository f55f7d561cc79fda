namespace Firmament.PowerPC.Interpreter;

/// <summary>Chooses at compile time between the evaluator that gives up on a TLB miss and the one that does everything.</summary>
internal interface IPath
{
    static abstract bool IsFast { get; }
}

/// <summary>Inline TLB hits only; anything else defers to the slow twin. No calls, so handlers need no stack frame.</summary>
internal readonly struct FastPath : IPath
{
    public static bool IsFast => true;
}

/// <summary>Full translation, MMIO, alignment rules, interrupts.</summary>
internal readonly struct SlowPath : IPath
{
    public static bool IsFast => false;
}

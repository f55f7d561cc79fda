namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// What MSR[SF], MSR[LE] and the register width change in the meaning of every instruction. The engine is specialised for each: the JIT
/// removes the branches of the others.
/// </summary>
internal interface ICpuMode
{
    /// <summary>Registers are 64 bits wide.</summary>
    static abstract bool Is64 { get; }

    /// <summary>Addresses, compares with zero and carries are 64 bits wide (MSR[SF]).</summary>
    static abstract bool Sf { get; }

    /// <summary>
    /// Storage is byte-reversed (MSR[LE] of a Book III-S CPU). The 74xx's little-endian mode, which changes addresses instead, is not this.
    /// </summary>
    static abstract bool LittleEndian { get; }
}

/// <summary>A 32-bit CPU.</summary>
internal readonly struct Mode32 : ICpuMode
{
    public static bool Is64 => false;

    public static bool Sf => false;

    public static bool LittleEndian => false;
}

/// <summary>A 64-bit CPU, SF = 1, LE = 0.</summary>
internal readonly struct Mode64Big : ICpuMode
{
    public static bool Is64 => true;

    public static bool Sf => true;

    public static bool LittleEndian => false;
}

/// <summary>A 64-bit CPU, SF = 1, LE = 1.</summary>
internal readonly struct Mode64Little : ICpuMode
{
    public static bool Is64 => true;

    public static bool Sf => true;

    public static bool LittleEndian => true;
}

/// <summary>A 64-bit CPU, SF = 0, LE = 0.</summary>
internal readonly struct Mode64NarrowBig : ICpuMode
{
    public static bool Is64 => true;

    public static bool Sf => false;

    public static bool LittleEndian => false;
}

/// <summary>A 64-bit CPU, SF = 0, LE = 1.</summary>
internal readonly struct Mode64NarrowLittle : ICpuMode
{
    public static bool Is64 => true;

    public static bool Sf => false;

    public static bool LittleEndian => true;
}

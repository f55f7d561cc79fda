namespace Firmament.Firmware.Hypercalls;

/// <summary>The few instructions that guest stubs are made of (Power ISA Book I, primary opcodes in parentheses).</summary>
internal static class StubEncoder
{
    /// <summary>Do nothing (24: ori 0,0,0).</summary>
    public const uint Nop = 24u << 26;

    /// <summary>Return (19, 16: bclr 20,0).</summary>
    public const uint Blr = (19u << 26) | (20u << 21) | (16u << 1);

    /// <summary>rt = value, sign extended (14: addi rt,0,value).</summary>
    public static uint Li(uint rt, short value) => (14u << 26) | (rt << 21) | (ushort)value;

    /// <summary>rt = value &lt;&lt; 16, sign extended (15: addis rt,0,value).</summary>
    public static uint Lis(uint rt, uint value) => (15u << 26) | (rt << 21) | (value & 0xffff);

    /// <summary>ra = rs | value (24).</summary>
    public static uint Ori(uint ra, uint rs, uint value) => (24u << 26) | (rs << 21) | (ra << 16) | (value & 0xffff);

    /// <summary>ra = rs (31, 444: or ra,rs,rs).</summary>
    public static uint Mr(uint ra, uint rs) => (31u << 26) | (rs << 21) | (ra << 16) | (rs << 11) | (444u << 1);

    /// <summary>System call (17).</summary>
    public static uint Sc(uint level) => (17u << 26) | (level << 5) | 2;
}

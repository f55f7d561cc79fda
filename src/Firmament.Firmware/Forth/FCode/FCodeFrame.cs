using Firmament.Core.State;
using Firmament.Firmware.Forth.Words;

namespace Firmament.Firmware.Forth.FCode;

/// <summary>An FCode program that is being evaluated: where it is read, and the tokens it has defined.</summary>
internal sealed class FCodeFrame
{
    /// <summary>Tokens 0x800 to 0xfff are the program's.</summary>
    public const int ProgramTokens = 0x800;

    private uint _position;

    public FCodeFrame() => Array.Fill(Tokens, -1);

    /// <summary>Address of the next byte.</summary>
    public uint Position
    {
        get => _position;
        set => _position = value;
    }

    public uint Start { get; set; }

    public uint End { get; set; }

    /// <summary>Distance between the bytes of the program.</summary>
    public uint Spread { get; set; } = 1;

    /// <summary>True when branch offsets have 16 bits.</summary>
    public bool IsWide { get; set; }

    /// <summary>The word of each token from 0x800 on, or -1.</summary>
    public int[] Tokens { get; } = new int[ProgramTokens];

    public void Visit(StateVisitor state)
    {
        (uint start, uint end, uint spread, bool wide) = (Start, End, Spread, IsWide);
        state.Field("position", ref _position);
        state.Field("start", ref start);
        state.Field("end", ref end);
        state.Field("spread", ref spread);
        state.Field("wide", ref wide);
        (Start, End, Spread, IsWide) = (start, end, spread, wide);
        foreach (ref int token in Tokens.AsSpan())
        {
            state.Field("token", ref token);
        }
    }

    /// <summary>The word of a token, the firmware's or the program's; -1 when it has none.</summary>
    public int WordOf(int token) => token < BuiltinWords.BuiltinTokens
        ? BuiltinWords.Instance.Tokens[token]
        : token < BuiltinWords.BuiltinTokens + ProgramTokens ? Tokens[token - BuiltinWords.BuiltinTokens] : -1;
}

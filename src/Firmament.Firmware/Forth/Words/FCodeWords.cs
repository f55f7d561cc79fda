using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>FCode's own tokens (IEEE 1275-1994 annex F); all others are rows elsewhere.</summary>
internal static class FCodeWords
{
    public static void AddTo(WordTable t)
    {
        Token(t, "end0", 0x00, static f => f.FCode.EndProgram());
        Token(t, "end1", 0xff, static f => f.FCode.EndProgram());
        Token(t, "b(lit)", 0x10, static f => f.FCode.Literal());
        Token(t, "b(')", 0x11, static f => f.FCode.Tick());
        Token(t, "b(\")", 0x12, static f => f.FCode.String());
        Token(t, "bbranch", 0x13, static f => f.FCode.Branch(conditional: false));
        Token(t, "b?branch", 0x14, static f => f.FCode.Branch(conditional: true));
        Token(t, "b(loop)", 0x15, static f => f.FCode.Loop(Op.Loop));
        Token(t, "b(+loop)", 0x16, static f => f.FCode.Loop(Op.PlusLoop));
        Token(t, "b(do)", 0x17, static f => f.FCode.Do(question: false));
        Token(t, "b(?do)", 0x18, static f => f.FCode.Do(question: true));
        Token(t, "b(leave)", 0x1b, static f => f.Compiler.LeaveLoop(conditional: false));
        Token(t, "b(of)", 0x1c, static f => f.FCode.Of());
        Token(t, "b(<mark)", 0xb1, static f => f.FCode.Mark());
        Token(t, "b(>resolve)", 0xb2, static f => f.FCode.Resolve());
        Token(t, "new-token", 0xb5, static f => f.FCode.NewToken(hasName: false, isVisible: false));
        Token(t, "named-token", 0xb6, static f => f.FCode.NewToken(hasName: true, isVisible: false));
        Token(t, "external-token", 0xca, static f => f.FCode.NewToken(hasName: true, isVisible: true));
        Token(t, "b(:)", 0xb7, static f => f.FCode.Colon());
        Token(t, "b(value)", 0xb8, static f => f.FCode.Value());
        Token(t, "b(variable)", 0xb9, static f => f.FCode.Variable());
        Token(t, "b(constant)", 0xba, static f => f.FCode.Constant());
        Token(t, "b(create)", 0xbb, static f => f.FCode.Create());
        Token(t, "b(defer)", 0xbc, static f => f.FCode.Defer());
        Token(t, "b(buffer:)", 0xbd, static f => f.FCode.Buffer());
        Token(t, "b(field)", 0xbe, static f => f.FCode.Field());
        Token(t, "b(;)", 0xc2, static f => f.FCode.Semicolon());
        Token(t, "b(to)", 0xc3, static f => f.FCode.To());
        Token(t, "b(case)", 0xc4, static _ => { });
        Token(t, "b(endcase)", 0xc5, static f => f.FCode.EndCase());
        Token(t, "b(endof)", 0xc6, static f => f.FCode.EndOf());
        Token(t, "offset16", 0xcc, static f => f.FCode.UseWideOffsets());
        t.Add("byte-load", "addr xt --", static f => f.FCode.Load(), 0x23e);
        t.Add("get-token", "fcode# -- xt immediate?", static f => f.FCode.GetToken(), 0xda);
        t.Add("set-token", "xt immediate? fcode# --", static f => f.FCode.SetToken(), 0xdb);
    }

    private static void Token(WordTable t, string name, int token, WordBody body) =>
        t.Add(name, "--", body, token, WordFlags.Nameless | WordFlags.Immediate);
}

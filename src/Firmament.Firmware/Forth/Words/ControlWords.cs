using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Control structures and exceptions (IEEE 1275-1994 7.3.8).</summary>
internal static class ControlWords
{
    public static void AddTo(WordTable t)
    {
        t.Immediate("if", "--", static f => f.Compiler.If());
        t.Immediate("else", "--", static f => f.Compiler.Else());
        t.Immediate("then", "--", static f => f.Compiler.Then());
        t.Immediate("ahead", "--", static f => f.Compiler.Ahead());
        t.Immediate("begin", "--", static f => f.Compiler.Begin());
        t.Immediate("while", "--", static f => f.Compiler.While());
        t.Immediate("repeat", "--", static f => f.Compiler.Repeat());
        t.Immediate("until", "--", static f => f.Compiler.Until());
        t.Immediate("again", "--", static f => f.Compiler.Again());
        t.Immediate("do", "--", static f => f.Compiler.Do(question: false));
        t.Immediate("?do", "--", static f => f.Compiler.Do(question: true));
        t.Immediate("loop", "--", static f => f.Compiler.Loop(Op.Loop));
        t.Immediate("+loop", "--", static f => f.Compiler.Loop(Op.PlusLoop));
        t.CompileOnly("leave", "--", static f => f.Compiler.LeaveLoop(conditional: false));
        t.CompileOnly("?leave", "--", static f => f.Compiler.LeaveLoop(conditional: true));
        t.Add("unloop", "--", Op.Unloop, 0x89, WordFlags.CompileOnly);
        t.Add("i", "-- index", Op.I, 0x19, WordFlags.CompileOnly);
        t.Add("j", "-- index", Op.J, 0x1a, WordFlags.CompileOnly);
        t.Immediate("case", "--", static f => f.Compiler.Case());
        t.CompileOnly("of", "--", static f => f.Compiler.Of());
        t.CompileOnly("endof", "--", static f => f.Compiler.EndOf());
        t.CompileOnly("endcase", "--", static f => f.Compiler.EndCase());
        t.CompileOnly("cs-pick", "n --", static f => f.Compiler.PickControl(f.Pop()));
        t.CompileOnly("cs-roll", "n --", static f => f.Compiler.RollControl(f.Pop()));
        t.Add("exit", "--", Op.Exit, 0x33, WordFlags.CompileOnly);
        t.Add("execute", "xt -- ...", Op.Execute, 0x1d);
        t.Add("catch", "xt -- ... code", static f => f.Catch(f.Pop()), 0x217);
        t.Add("throw", "code --", static f => f.Throw(f.Pop()), 0x218);
        t.Add("abort", "--", static f => f.Throw(ThrowCode.Abort), 0x216);
        t.Add("user-abort", "--", static f => f.ThrowUncaught(ThrowCode.UserInterrupt), 0x219);
        t.Add("ferror", "--", static f => f.Throw(ThrowCode.BadFCode), 0xfc);
        t.Add("quit", "--", static f => f.ThrowUncaught(ThrowCode.Quit));
    }
}

using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Stack words (IEEE 1275-1994 7.3.3.1).</summary>
internal static class StackWords
{
    public static void AddTo(WordTable t)
    {
        t.Add("dup", "x -- x x", Op.Dup, 0x47);
        t.Add("drop", "x --", Op.Drop, 0x46);
        t.Add("swap", "x1 x2 -- x2 x1", Op.Swap, 0x49);
        t.Add("over", "x1 x2 -- x1 x2 x1", Op.Over, 0x48);
        t.Add("rot", "x1 x2 x3 -- x2 x3 x1", Op.Rot, 0x4a);
        t.Add("-rot", "x1 x2 x3 -- x3 x1 x2", Op.MinusRot, 0x4b);
        t.Add("tuck", "x1 x2 -- x2 x1 x2", Op.Tuck, 0x4c);
        t.Add("nip", "x1 x2 -- x2", Op.Nip, 0x4d);
        t.Add("?dup", "x -- 0 | x x", Op.QuestionDup, 0x50);
        t.Add("2drop", "x1 x2 --", Op.TwoDrop, 0x52);
        t.Add("2dup", "x1 x2 -- x1 x2 x1 x2", Op.TwoDup, 0x53);
        t.Add("2over", "x1 x2 x3 x4 -- x1 x2 x3 x4 x1 x2", Op.TwoOver, 0x54);
        t.Add("2swap", "x1 x2 x3 x4 -- x3 x4 x1 x2", Op.TwoSwap, 0x55);
        t.Add("2rot", "x1 x2 x3 x4 x5 x6 -- x3 x4 x5 x6 x1 x2", static f => { Roll(f, 5); Roll(f, 5); }, 0x56);
        t.Add("2nip", "x1 x2 x3 x4 -- x3 x4", static f => { long top = f.PopDouble(); _ = f.PopDouble(); f.PushDouble(top); });
        t.Add("3dup", "x1 x2 x3 -- x1 x2 x3 x1 x2 x3", static f => { f.Push(f.Peek(2)); f.Push(f.Peek(2)); f.Push(f.Peek(2)); });
        t.Add("3drop", "x1 x2 x3 --", static f => { _ = f.Pop(); _ = f.Pop(); _ = f.Pop(); });
        t.Add("pick", "... u -- ... xu", static f => Pick(f), 0x4e);
        t.Add("roll", "... u -- ... xu", static f => Roll(f, f.Pop()), 0x4f);
        t.Add("depth", "-- n", static f => f.Push(f.Depth), 0x51);
        t.Add("clear", "... --", static f => { while (f.Depth > 0) { _ = f.Pop(); } });
        t.Add(">r", "x --", Op.ToR, 0x30, WordFlags.CompileOnly);
        t.Add("r>", "-- x", Op.RFrom, 0x31, WordFlags.CompileOnly);
        t.Add("r@", "-- x", Op.RFetch, 0x32, WordFlags.CompileOnly);
        t.Add("2>r", "x1 x2 --", Op.TwoToR, -1, WordFlags.CompileOnly);
        t.Add("2r>", "-- x1 x2", Op.TwoRFrom, -1, WordFlags.CompileOnly);
        t.Add("2r@", "-- x1 x2", Op.TwoRFetch, -1, WordFlags.CompileOnly);
    }

    private static void Pick(ForthEngine f)
    {
        int index = f.Pop();
        if ((uint)index >= (uint)f.Depth)
        {
            f.Throw(ThrowCode.StackUnderflow);
            return;
        }

        f.Push(f.Peek(index));
    }

    private static void Roll(ForthEngine f, int index)
    {
        if ((uint)index >= (uint)f.Depth)
        {
            f.Throw(ThrowCode.StackUnderflow);
            return;
        }

        int moved = f.Peek(index);
        for (int i = index; i > 0; i--)
        {
            f.Poke(i, f.Peek(i - 1));
        }

        f.Poke(0, moved);
        f.Charge(index / 4);
    }
}

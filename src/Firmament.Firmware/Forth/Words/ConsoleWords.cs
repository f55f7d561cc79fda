using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Console and time (IEEE 1275-1994 7.3.4.1 to 7.3.4.6, 7.4.4.5, 5.3.7.4).</summary>
internal static class ConsoleWords
{
    private const int MostTyped = 1 << 20;

    public static void AddTo(WordTable t)
    {
        t.Add("emit", "char --", static f => f.Output.Emit((byte)f.Pop()), 0x8f);
        t.Add("type", "addr len --", static f => Type(f), 0x90);
        t.Add("cr", "--", static f => f.Output.CarriageReturn(), 0x92);
        t.Add("(cr", "--", static f => f.Output.Emit((byte)'\r'), 0x91);
        t.Add("space", "--", static f => f.Output.Emit((byte)' '));
        t.Add("spaces", "n --", static f => Spaces(f, f.Pop()));
        t.Add("key?", "-- pressed?", static f => f.Push(f.Terminal.IsWaiting()), 0x8d);
        t.Add("key", "-- char", static f => { if (f.Waiting.TryKey(out byte character)) { f.Push(character); } }, 0x8e);
        t.Add("accept", "addr len1 -- len2", static f => f.Waiting.Accept(setsSpan: false));
        t.Add("expect", "addr len --", static f => f.Waiting.Accept(setsSpan: true), 0x8a);
        t.Variable("span", DataSpace.SpanVariable, 0x88);
        t.Variable("#out", DataSpace.OutVariable, 0x93);
        t.Variable("#line", DataSpace.LineVariable, 0x94);
        t.Add("exit?", "-- stop?", static f => f.Push(false));
        t.Add("page", "--", static f => f.Output.Type("\e[2J\e[H\r"u8));
        t.Add("at-xy", "column row --", static f => { int row = f.Pop(); f.Output.Type($"\e[{row + 1};{f.Pop() + 1}H"); });
        t.Add("ms", "n --", static f => f.Waiting.Sleep((uint)f.Peek(0)), 0x126);
        t.Add("get-msecs", "-- n", static f => f.Push((uint)(f.Firmware.Platform.Now.Nanoseconds / 1_000_000)), 0x125);
        t.Add("alarm", "xt n --", static f => { _ = f.Pop(); _ = f.Pop(); }, 0x213);
        t.Add("time&date", "-- s m h d mo y", static f => TimeAndDate(f));
        AddSelection(t);
    }

    private static void AddSelection(WordTable t)
    {
        // Input is the serial console's: choosing another is accepted and changes nothing.
        t.Add("input", "addr len --", static f => { _ = f.Pop(); _ = f.Pop(); });
        t.Add("output", "addr len --", static f => SelectOutput(f));
        t.Add("io", "addr len --", static f => SelectOutput(f));
        t.Add("cursor-on", "--", static f => f.Output.Type("\e[?25h"u8));
        t.Add("cursor-off", "--", static f => f.Output.Type("\e[?25l"u8));
        t.Add("install-console", "--", static _ => { });
        t.Add("suspend-fcode", "--", static _ => { }, 0x215);
        t.Constant("#lines", 24, 0x150);
        t.Constant("#columns", 80, 0x151);
        t.Add("line#", "-- n", static f => f.Push(0), 0x152);
        t.Add("column#", "-- n", static f => f.Push(f.Output.Column), 0x153);
    }

    /// <summary>A device that is no output of the firmware's leaves things as they are.</summary>
    private static void SelectOutput(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is { } path)
        {
            f.Output.Flush();
            _ = f.Firmware.SelectOutput(path);
        }
    }

    private static void Type(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        if (length > MostTyped)
        {
            f.Throw(ThrowCode.StringOverflow);
            return;
        }

        f.Charge(length);
        Span<byte> bytes = stackalloc byte[512];
        for (uint done = 0; done < length; done += (uint)bytes.Length)
        {
            Span<byte> run = bytes[..(int)Math.Min(length - done, (uint)bytes.Length)];
            if (!f.Memory.TryRead(address + done, run))
            {
                f.Throw(ThrowCode.InvalidAddress);
                return;
            }

            f.Output.Type(run);
        }
    }

    private static void Spaces(ForthEngine f, int count)
    {
        count = Math.Clamp(count, 0, 4096);
        f.Charge(count);
        for (int i = 0; i < count; i++)
        {
            f.Output.Emit((byte)' ');
        }
    }

    private static void TimeAndDate(ForthEngine f)
    {
        if (f.Firmware.Platform.Clock?.Read() is not { } now)
        {
            f.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        foreach (int part in (ReadOnlySpan<int>)[now.Second, now.Minute, now.Hour, now.Day, now.Month, now.Year])
        {
            f.Push(part);
        }
    }
}

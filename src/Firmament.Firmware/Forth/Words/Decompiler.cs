using System.Globalization;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Shows a word as source, as far as its code still tells (IEEE 1275-1994 7.5.3.1 `see`).</summary>
internal static class Decompiler
{
    private const int MostCells = 2000;

    public static void Show(ForthEngine f, int word)
    {
        if (word < 0)
        {
            f.Throw(ThrowCode.UndefinedWord);
            return;
        }

        ForthWord entry = f.Dictionary.Words[word];
        string name = entry.Name.Length > 0 ? entry.Name : "(unnamed)";
        switch (entry.Kind)
        {
            case WordKind.Colon:
                f.Output.Line(": " + name);
                Code(f, entry.Code);
                f.Output.Line(entry.IsImmediate ? "; immediate" : ";");
                break;
            case WordKind.Does:
                f.Output.Line(string.Create(CultureInfo.InvariantCulture, $"create {name} ( {entry.Value:x} ) does>"));
                Code(f, entry.Code);
                f.Output.Line(";");
                break;
            case WordKind.Defer:
                f.Output.Line($"defer {name} is {NameOf(f, f.Dictionary.WordOf(entry.Value))}");
                break;
            case WordKind.Value or WordKind.Constant:
                f.Output.Line($"{f.Numbers.Signed(entry.Value)} {(entry.Kind == WordKind.Value ? "value" : "constant")} {name}");
                break;
            case WordKind.Primitive:
                f.Output.Line($"{name} ( {BuiltinWords.Instance.Rows[word].Effect} ) is a primitive");
                break;
            default:
                f.Output.Line($"{name}: {KindName(entry.Kind)} {f.Numbers.Unsigned((uint)entry.Value)}");
                break;
        }
    }

    private static string KindName(WordKind kind) => kind switch
    {
        WordKind.Created => "data at",
        WordKind.Field => "field at",
        WordKind.UserVariable => "system variable",
        WordKind.HostMethod => "method of the machine",
        WordKind.Vocabulary => "vocabulary",
        _ => "instance data at",
    };

    private static void Code(ForthEngine f, int at)
    {
        int end = at;
        int column = 0;
        for (int count = 0; count < MostCells && at < f.Dictionary.CodeCount; count++)
        {
            f.Charge(20);
            string text = Next(f, ref at, ref end);
            if (text == "exit" && end < at)
            {
                break;
            }

            if (column == 0 || column + text.Length > 70)
            {
                f.Output.Type(column == 0 ? "   " : "\r\n   ");
                column = 3;
            }

            f.Output.Type(text + " ");
            column += text.Length + 1;
        }

        if (column > 0)
        {
            f.Output.CarriageReturn();
        }
    }

    /// <summary>One operation as text; <paramref name="end"/> becomes the furthest address that a branch so far leads to.</summary>
    private static string Next(ForthEngine f, ref int at, ref int end)
    {
        int cell = f.Dictionary.Code[at++];
        if (cell < 0)
        {
            return NameOf(f, ~cell);
        }

        if ((Op)cell is < Op.Literal or > Op.Of or Op.Do)
        {
            return (Op)cell == Op.Do ? "do" : NameOfOperation(cell);
        }

        int operand = f.Dictionary.Code[at++];
        if ((Op)cell is Op.Branch or Op.BranchZero or Op.QuestionDo or Op.Of && operand < f.Dictionary.CodeCount)
        {
            end = Math.Max(end, operand);
        }

        return (Op)cell switch
        {
            Op.Literal => f.Dictionary.WordOf(operand) is >= 0 and int word ? $"['] {NameOf(f, word)}" : f.Numbers.Signed(operand),
            Op.Branch => operand < at ? $"again({operand})" : $"else({operand})",
            Op.BranchZero => operand < at ? $"until({operand})" : $"if({operand})",
            Op.QuestionDo => "?do",
            Op.Loop => "loop",
            Op.PlusLoop => "+loop",
            _ => "of",
        };
    }

    private static string NameOf(ForthEngine f, int word) => (uint)word >= (uint)f.Dictionary.WordCount
        ? "(forgotten)"
        : f.Dictionary.Words[word].Name is { Length: > 0 } name ? name : string.Create(CultureInfo.InvariantCulture, $"(word {word})");

    private static string NameOfOperation(int op) => BuiltinWords.Instance.NameOfOperation(op);
}

using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>All words the firmware brings, numbered, made once for all engines.</summary>
internal sealed class BuiltinWords
{
    /// <summary>FCode tokens below this are the firmware's (IEEE 1275-1994 annex F).</summary>
    public const int BuiltinTokens = 0x800;

    /// <summary>The only one.</summary>
    public static readonly BuiltinWords Instance = new();

    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly int[] _ops;

    private BuiltinWords()
    {
        WordTable table = new();
        StackWords.AddTo(table);
        ArithmeticWords.AddTo(table);
        MemoryWords.AddTo(table);
        NumberWords.AddTo(table);
        StringWords.AddTo(table);
        ParsingWords.AddTo(table);
        ControlWords.AddTo(table);
        DefiningWords.AddTo(table);
        CompilingWords.AddTo(table);
        DictionaryWords.AddTo(table);
        ConsoleWords.AddTo(table);
        PropertyWords.AddTo(table);
        PackageWords.AddTo(table);
        NodeWords.AddTo(table);
        BrowsingWords.AddTo(table);
        SystemWords.AddTo(table);
        InspectionWords.AddTo(table);
        FCodeWords.AddTo(table);
        Rows = table.Rows;
        Bodies = new WordBody[(int)Op.FirstCold + Rows.Count];
        Needs = new int[Bodies.Length];
        Tokens = new int[BuiltinTokens];
        _ops = new int[Rows.Count];
        Array.Fill(Tokens, -1);
        Array.Fill(Bodies, static forth => forth.Throw(ThrowCode.UnsupportedOperation));
        AddNamelessOperations();
        int cold = (int)Op.FirstCold;
        for (int i = 0; i < Rows.Count; i++)
        {
            WordRow row = Rows[i];
            _ops[i] = (int)row.Op;
            if (row.Body != null)
            {
                Bodies[cold] = row.Body;
                Needs[cold] = row.Needs;
                _ops[i] = cold++;
            }

            _byName.TryAdd(row.Name, i);
            if (row.Token >= 0)
            {
                Tokens[row.Token] = i;
            }
        }
    }

    /// <summary>The rows; a word's index in every dictionary is its index here.</summary>
    public IReadOnlyList<WordRow> Rows { get; }

    /// <summary>What an operation does; those the inner interpreter runs itself have a body that throws.</summary>
    public WordBody[] Bodies { get; }

    /// <summary>Cells an operation takes.</summary>
    public int[] Needs { get; }

    /// <summary>The word of a builtin FCode token, or -1.</summary>
    public int[] Tokens { get; }

    /// <summary>The index of a builtin word, also of one that cannot be typed.</summary>
    public int WordOf(string name) => _byName[name];

    /// <summary>The name of the first word an operation runs.</summary>
    public string NameOfOperation(int op) => Array.IndexOf(_ops, op) is >= 0 and int row ? Rows[row].Name : ((Op)op).ToString();

    /// <summary>Makes the words of a new dictionary.</summary>
    public void AddTo(ForthDictionary dictionary)
    {
        for (int i = 0; i < Rows.Count; i++)
        {
            WordRow row = Rows[i];
            int word = dictionary.Add(new ForthWord
            {
                Name = row.Name,
                Kind = row.Kind,
                Op = _ops[i],
                Value = row.Value,
                Needs = row.Needs,
                IsImmediate = row.Flags.HasFlag(WordFlags.Immediate),
                IsCompileOnly = row.Flags.HasFlag(WordFlags.CompileOnly),
            });
            if (!row.Flags.HasFlag(WordFlags.Nameless))
            {
                dictionary.Reveal(word, ForthDictionary.ForthWordlist);
            }
        }
    }

    private void AddNamelessOperations()
    {
        Bodies[(int)Op.InterpretStep] = static forth => forth.Input.InterpretStep();
        Bodies[(int)Op.FCodeStep] = static forth => forth.FCode.Step();
        Bodies[(int)Op.CatchDone] = static forth => forth.EndCatch();
        Bodies[(int)Op.Halt] = static forth => forth.Halt();
        Bodies[(int)Op.RestoreSelf] = static forth => forth.RestoreSelf();
        Bodies[(int)Op.DropTemporary] = static forth => forth.Compiler.DropTemporary();
    }
}

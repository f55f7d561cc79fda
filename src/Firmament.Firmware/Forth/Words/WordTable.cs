using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>
/// The one table of the words that the firmware brings: text interpreter, stack checks, FCode evaluator, `see` and `help` read the same rows.
/// Filled once; read-only afterwards.
/// </summary>
internal sealed class WordTable
{
    private readonly List<WordRow> _rows = [];

    public IReadOnlyList<WordRow> Rows => _rows;

    /// <summary>A word that the inner interpreter runs itself.</summary>
    public void Add(string name, string effect, Op op, int token = -1, WordFlags flags = WordFlags.None) =>
        _rows.Add(new WordRow(name, effect, WordKind.Primitive, op, null, 0, token, flags));

    /// <summary>A word with a body.</summary>
    public void Add(string name, string effect, WordBody body, int token = -1, WordFlags flags = WordFlags.None) =>
        _rows.Add(new WordRow(name, effect, WordKind.Primitive, Op.None, body, 0, token, flags));

    /// <summary>A word that runs while compiling too.</summary>
    public void Immediate(string name, string effect, WordBody body, WordFlags more = WordFlags.None) =>
        Add(name, effect, body, -1, WordFlags.Immediate | more);

    /// <summary>A word for definitions only.</summary>
    public void CompileOnly(string name, string effect, WordBody body) => Immediate(name, effect, body, WordFlags.CompileOnly);

    /// <summary>A word without a name to type.</summary>
    public void Nameless(string name, string effect, WordBody body, int token = -1) => Add(name, effect, body, token, WordFlags.Nameless);

    /// <summary>A constant.</summary>
    public void Constant(string name, int value, int token = -1) =>
        _rows.Add(new WordRow(name, "-- n", WordKind.Constant, Op.None, null, value, token, WordFlags.None));

    /// <summary>A system variable.</summary>
    public void Variable(string name, int offset, int token = -1) =>
        _rows.Add(new WordRow(name, "-- addr", WordKind.UserVariable, Op.None, null, offset, token, WordFlags.None));
}

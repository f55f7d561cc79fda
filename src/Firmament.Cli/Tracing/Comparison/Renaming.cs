using System.Globalization;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>
/// Which address or handle of one run stands for which of the other: one for one, from the first calls that use them on. What both runs name alike needs
/// no entry of its own but counts as well.
/// </summary>
internal sealed class Renaming
{
    // Names that come later are believed.
    private const int MostNames = 1 << 20;
    private readonly Dictionary<(NameKind Kind, ulong Name), ulong> _forward = [];
    private readonly Dictionary<(NameKind Kind, ulong Name), ulong> _backward = [];

    /// <summary>Takes two events of one shape. Null when they agree with those before; else what does not, in words.</summary>
    public string? Check(in TraceEvent left, in TraceEvent right)
    {
        string? conflict = null;
        for (int i = 0; i < left.Fields.Count && i < right.Fields.Count; i++)
        {
            (string key, string a) = left.Fields[i];
            if (CallShape.TryName(key, a, out NameKind kind, out ulong from) && CallShape.TryName(key, right.Fields[i].Value, out _, out ulong to))
            {
                conflict ??= Check(key, kind, from, to);
            }
        }

        return conflict;
    }

    private string? Check(string field, NameKind kind, ulong from, ulong to)
    {
        bool known = _forward.TryGetValue((kind, from), out ulong expected);
        if (known && expected != to)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{field}: 0x{from:x} of the first was 0x{expected:x} of the second before, and is 0x{to:x} here");
        }

        if (!known && _backward.TryGetValue((kind, to), out ulong earlier))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{field}: 0x{to:x} of the second was 0x{earlier:x} of the first before, and is 0x{from:x} here");
        }

        if (!known && _forward.Count < MostNames)
        {
            _forward.Add((kind, from), to);
            _backward.Add((kind, to), from);
        }

        return null;
    }
}

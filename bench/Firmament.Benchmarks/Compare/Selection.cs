using Firmament.Core;

namespace Firmament.Benchmarks.Compare;

/// <summary>Which of the names, such as bench/ppc32/loop, are wanted: those that have a selector as one or more whole parts.</summary>
/// <param name="selectors">None for everything.</param>
internal sealed class Selection(string[] selectors)
{
    public bool Wants(string name) => selectors.Length == 0 || Array.Exists(selectors, selector => IsPart(selector, name));

    /// <exception cref="UserErrorException">A selector is part of no name.</exception>
    public void Check(IReadOnlyCollection<string> names)
    {
        if (Array.Find(selectors, selector => !names.Any(name => IsPart(selector, name))) is { } unknown)
        {
            throw new UserErrorException($"There is nothing named '{unknown}' to compare; bench/run compare --list says what there is.");
        }
    }

    private static bool IsPart(string selector, string name) => $"/{name}/".Contains($"/{selector.Trim('/')}/", StringComparison.Ordinal);
}

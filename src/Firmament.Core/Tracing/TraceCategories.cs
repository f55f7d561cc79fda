namespace Firmament.Core.Tracing;

/// <summary>The categories' names, as users type them and traces print them.</summary>
public static class TraceCategories
{
    /// <summary>Every category that can be switched on, with its name.</summary>
    public static IReadOnlyList<(string Name, TraceCategory Category)> Named { get; } =
    [
        ("firmware", TraceCategory.Firmware),
        ("guest-errors", TraceCategory.GuestErrors),
        ("devices", TraceCategory.Devices),
        ("exceptions", TraceCategory.Exceptions),
        ("code", TraceCategory.Code),
    ];

    /// <summary>All that the guest does: all but <see cref="TraceCategory.Code"/>, which is a hundred times as much.</summary>
    public static TraceCategory All { get; } = Named.Aggregate(TraceCategory.None, static (all, entry) => all | entry.Category) & ~TraceCategory.Code;

    /// <summary>The category of this name, or <see cref="TraceCategory.None"/>.</summary>
    public static TraceCategory Find(ReadOnlySpan<char> name)
    {
        foreach ((string known, TraceCategory category) in Named)
        {
            if (name.SequenceEqual(known))
            {
                return category;
            }
        }

        return TraceCategory.None;
    }

    /// <summary>The name of one category.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none, several, or unknown.</exception>
    public static string NameOf(TraceCategory category)
    {
        foreach ((string name, TraceCategory named) in Named)
        {
            if (named == category)
            {
                return name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(category), category, "not one category");
    }
}

using System.Globalization;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>
/// What of an event is compared: everything except its time, its addresses and its handles, which may differ between two runs as long as one's stand for
/// the other's throughout (<see cref="Renaming"/>). Exactly: everything.
/// </summary>
internal static class CallShape
{
    // Below it a hypercall's argument is a number or a flag, not an address.
    private const ulong LeastAddress = 0x1000;

    /// <summary>True for what is compared when not everything is: calls and guest errors, which do not depend on where time went.</summary>
    public static bool IsCompared(in TraceEvent traceEvent, bool exact) =>
        exact || (traceEvent.Category & (TraceCategory.Firmware | TraceCategory.GuestErrors)) != 0;

    /// <summary>A number that two events share when they are alike.</summary>
    public static ulong Hash(in TraceEvent traceEvent, bool exact)
    {
        ulong hash = Mix(Mix(0xcbf29ce484222325, traceEvent.Source), traceEvent.Name);
        hash = Mix(hash, exact ? (ulong)traceEvent.Time.Nanoseconds : (ulong)traceEvent.Category);
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            hash = Mix(hash, field.Key);
            if (exact || !TryName(field.Key, field.Value, out NameKind kind, out _))
            {
                hash = Mix(hash, field.Value);
            }
            else
            {
                // A handle's path stays: it says what the handle is of.
                int path = field.Value.IndexOf('(', StringComparison.Ordinal);
                hash = Mix(Mix(hash, (ulong)kind), path < 0 ? "" : field.Value.AsSpan(path));
            }
        }

        return hash;
    }

    /// <summary>The address or handle in a field. 0 and -1 are none: they mean the same everywhere.</summary>
    public static bool TryName(string field, string value, out NameKind kind, out ulong name)
    {
        kind = KindOf(field);
        if (kind == NameKind.None || !TryNumber(value, out name) || name is 0 or uint.MaxValue or ulong.MaxValue)
        {
            name = 0;
            return false;
        }

        return kind != NameKind.Address || name >= LeastAddress;
    }

    private static NameKind KindOf(string field) => field switch
    {
        "pc" => NameKind.Code,
        "phandle" or "peer" or "child" or "parent" => NameKind.Phandle,
        "ihandle" => NameKind.Ihandle,
        "buf" or "addr" or "virt" or "base" or "area" or "extent" or "entry" or "args" or "info" or "driver.buf" or "firmware.buf" or "srr0" => NameKind.Address,
        _ when field.StartsWith("arg", StringComparison.Ordinal) || field.StartsWith("result", StringComparison.Ordinal) => NameKind.Address,
        _ => NameKind.None,
    };

    private static bool TryNumber(string value, out ulong number)
    {
        number = 0;
        if (!value.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        int end = value.IndexOf('(', StringComparison.Ordinal);
        return ulong.TryParse(end < 0 ? value.AsSpan(2) : value.AsSpan(2, end - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }

    // FNV-1a, 64 bits, two bytes at a time; the end counts, so that "a","bc" is not "ab","c".
    private static ulong Mix(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            hash = Mix(hash, c);
        }

        return Mix(hash, 0x1_0000);
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x100000001b3;
        return hash ^ (hash >> 29);
    }
}

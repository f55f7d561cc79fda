using System.Globalization;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Summary;

/// <summary>How a firmware call ended, as its trace line tells.</summary>
internal static class CallOutcome
{
    /// <summary>What went wrong, as the trace has it (<c>size=-1</c>), or null. A refused call gives the reason.</summary>
    public static string? Failure(in TraceEvent call)
    {
        foreach (KeyValuePair<string, string> field in call.Fields)
        {
            if (field.Key == "refused")
            {
                return field.Value;
            }

            if (IsFailure(call.Name, field.Key, field.Value))
            {
                return $"{field.Key}={field.Value}";
            }
        }

        return null;
    }

    /// <summary>True when the firmware did not even try.</summary>
    public static bool IsRefused(in TraceEvent call) => Field(call, "refused") != null;

    /// <summary>A field's value, or null.</summary>
    public static string? Field(in TraceEvent call, string name)
    {
        foreach (KeyValuePair<string, string> field in call.Fields)
        {
            if (field.Key == name)
            {
                return field.Value;
            }
        }

        return null;
    }

    // The names are those of the service tables' results: IEEE 1275's services say -1 (an open: 0), RTAS and hypercalls a negative status.
    private static bool IsFailure(string service, string field, string value) => field switch
    {
        "status" => value.StartsWith('-'),
        "catch-result" => value != "0",
        "missing" => service is not ("test" or "test-method") && value != "0",
        "size" or "length" or "flag" or "actual" or "base" or "blocks" => value == "-1",
        "phandle" => value == "0xffffffff",
        "ihandle" => service == "open" && IsZero(value),
        _ => false,
    };

    private static bool IsZero(string value) =>
        value.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number) && number == 0;
}

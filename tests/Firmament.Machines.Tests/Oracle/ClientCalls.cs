using System.Text;
using Firmament.Core.Tracing;

namespace Firmament.Machines.Tests.Oracle;

/// <summary>
/// Collects client-interface calls in the form both traces are compared in: the service, then what it asks for, as in
/// <c>getprop /chosen "stdout"</c>. Handles are written as paths; results and buffer addresses are left out.
/// </summary>
internal sealed class ClientCalls : ITraceSink
{
    // QEMU's firmware serves these without a trace line.
    private static readonly HashSet<string> Untraced = ["peer", "child", "parent", "nextprop", "close", "call-method", "quiesce"];

    public List<string> Calls { get; } = [];

    public void Write(in TraceEvent traceEvent)
    {
        if (traceEvent is { Category: TraceCategory.Firmware, Source: "client" } && !Untraced.Contains(traceEvent.Name))
        {
            Calls.Add(Describe(traceEvent.Name, new Dictionary<string, string>(traceEvent.Fields)));
        }
    }

    private static string Describe(string service, Dictionary<string, string> fields) => service switch
    {
        "finddevice" => $"finddevice {fields["specifier"]}",
        "getprop" or "getproplen" => $"{service} {Path(fields["phandle"])} {fields["name"]}",
        "setprop" => $"setprop {Path(fields["phandle"])} {fields["name"]} {Value(fields["buf"])}",
        "package-to-path" => $"package-to-path {Path(fields["phandle"])}",
        "instance-to-path" or "instance-to-package" => $"{service} {Path(fields["ihandle"])}",
        "open" => $"open {fields["specifier"].Trim('"')}",
        "claim" => $"claim {fields["virt"]} {Number(fields["size"])} align {Number(fields["align"])}",
        "write" => $"write {Visible(fields["addr"])}",
        _ => service,
    };

    /// <summary>0x3(/chosen): the path.</summary>
    private static string Path(string handle)
    {
        int open = handle.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? handle : handle[(open + 1)..^1];
    }

    private static string Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? text : $"0x{int.Parse(text, System.Globalization.CultureInfo.InvariantCulture):x}";

    /// <summary>A property's bytes without the quotes or brackets round them.</summary>
    private static string Value(string text) => text[1..^1].ToLowerInvariant();

    /// <summary>Console text on one line.</summary>
    public static string Visible(string text)
    {
        StringBuilder line = new();
        foreach (char c in text)
        {
            line.Append(c switch { '\r' => "\\r", '\n' => "\\n", _ => c.ToString() });
        }

        return line.ToString();
    }
}

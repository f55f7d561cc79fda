namespace Firmament.Firmware;

/// <summary>
/// Arguments and results of a service, written once as text, for example
/// <c>"phandle node, text name, buffer buf, int buflen -> int size"</c>. Arity check, trace and documentation read it.
/// </summary>
/// <remarks>
/// A parameter is <c>[kind] name</c>; without a kind it is a cell. A name that ends in "?" is optional, as are those after it.
/// A last parameter "..." stands for any number of cells.
/// </remarks>
public sealed class ServiceSignature
{
    /// <summary>Reads the text. Throws <see cref="FormatException"/> for text that is not a signature.</summary>
    public ServiceSignature(string text)
    {
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        Arguments = Parse(arrow < 0 ? text : text[..arrow], out int least, out bool open);
        LeastArguments = least;
        MostArguments = open ? CallBlock.MostCells : Arguments.Count;
        Results = Parse(arrow < 0 ? "" : text[(arrow + 2)..], out least, out open);
        LeastResults = least;
        MostResults = open ? CallBlock.MostCells : Results.Count;
    }

    /// <summary>Named arguments, in order.</summary>
    public IReadOnlyList<ServiceParameter> Arguments { get; }

    /// <summary>Named results, in order.</summary>
    public IReadOnlyList<ServiceParameter> Results { get; }

    /// <summary>Arguments a call must have.</summary>
    public int LeastArguments { get; }

    /// <summary>Arguments a call may have.</summary>
    public int MostArguments { get; }

    /// <summary>Results a call must have room for where the front end insists.</summary>
    public int LeastResults { get; }

    /// <summary>Results a call may have room for where the front end insists.</summary>
    public int MostResults { get; }

    private static List<ServiceParameter> Parse(string text, out int least, out bool open)
    {
        List<ServiceParameter> parameters = [];
        least = 0;
        open = false;
        bool optional = false;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (open)
            {
                throw new FormatException($"'{text}': nothing may follow '...'");
            }

            if (part == "...")
            {
                open = true;
                continue;
            }

            int space = part.IndexOf(' ', StringComparison.Ordinal);
            string name = part[(space + 1)..];
            optional |= name.EndsWith('?');
            least += optional ? 0 : 1;
            parameters.Add(new ServiceParameter(space < 0 ? ServiceParameterKind.Cell : KindOf(part[..space]), name.TrimEnd('?')));
        }

        return parameters;
    }

    private static ServiceParameterKind KindOf(string kind) => kind switch
    {
        "cell" => ServiceParameterKind.Cell,
        "int" => ServiceParameterKind.Int,
        "phandle" => ServiceParameterKind.Phandle,
        "ihandle" => ServiceParameterKind.Ihandle,
        "text" => ServiceParameterKind.Text,
        "bytes" => ServiceParameterKind.Bytes,
        "buffer" => ServiceParameterKind.Buffer,
        _ => throw new FormatException($"'{kind}' is not a kind of parameter"),
    };
}

using System.Diagnostics.CodeAnalysis;

namespace Firmament.DeviceTree.Paths;

/// <summary>
/// A device specifier taken apart by its punctuation (IEEE 1275-1994 4.3): <c>[alias[:args]] { "/" name@unit:args }</c>.
/// Whether a "/" after a ":" starts a component or belongs to the arguments of the last one shows only in the tree; see
/// <see cref="DeviceTree.Resolve(string)"/>.
/// </summary>
public sealed class DevicePath
{
    /// <summary>Longest specifier in characters.</summary>
    public const int MaxLength = 1024;

    private DevicePath(string text, DevicePathComponent? alias, List<DevicePathComponent> components)
    {
        Text = text;
        Alias = alias;
        Components = components;
    }

    /// <summary>The specifier.</summary>
    public string Text { get; }

    /// <summary>The first element when the text does not start with "/", else null. Its name holds any "@" too.</summary>
    public DevicePathComponent? Alias { get; }

    /// <summary>The elements after each "/", in order; none for "/".</summary>
    public IReadOnlyList<DevicePathComponent> Components { get; }

    /// <summary>Takes a specifier apart. False when it is empty, longer than <see cref="MaxLength"/> or holds a NUL.</summary>
    public static bool TryParse(ReadOnlySpan<char> specifier, [NotNullWhen(true)] out DevicePath? path)
    {
        path = null;
        if (specifier.IsEmpty || specifier.Length > MaxLength || specifier.Contains('\0'))
        {
            return false;
        }

        string text = specifier.ToString();
        DevicePathComponent? alias = null;
        List<DevicePathComponent> components = [];
        if (text == "/")
        {
            path = new DevicePath(text, null, components);
            return true;
        }

        int start = 0;
        while (start <= text.Length)
        {
            int slash = text.IndexOf('/', start);
            int end = slash < 0 ? text.Length : slash;
            ReadOnlySpan<char> element = text.AsSpan(start, end - start);
            if (start > 0)
            {
                components.Add(DevicePathComponent.Parse(element, start));
            }
            else if (end > 0)
            {
                alias = ParseAlias(element);
            }

            start = end + 1;
        }

        path = new DevicePath(text, alias, components);
        return true;
    }

    /// <summary>The specifier.</summary>
    public override string ToString() => Text;

    private static DevicePathComponent ParseAlias(ReadOnlySpan<char> element)
    {
        DevicePathComponent parsed = DevicePathComponent.Parse(element, 0);
        int colon = element.IndexOf(':');
        return parsed with { Name = (colon < 0 ? element : element[..colon]).ToString(), UnitAddress = null };
    }
}

namespace Firmament.DeviceTree.Paths;

/// <summary>
/// Walks a device specifier down the tree (IEEE 1275-1994 4.3). Exact names are hash lookups; other spellings cost a scan of the
/// siblings. Not modelled: wildcard nodes (a node without a unit address that answers to any).
/// </summary>
internal sealed class PathResolver(DeviceTree tree)
{
    // An alias may name another alias; a chain longer than this is a loop.
    private const int MaxAliasDepth = 8;

    private readonly List<DevicePathStep> _steps = [];
    private string? _failed;

    public DeviceResolution Resolve(ReadOnlySpan<char> specifier)
    {
        if (!DevicePath.TryParse(specifier, out DevicePath? path))
        {
            _failed = "";
        }
        else
        {
            _ = Walk(path, 0);
        }

        return new DeviceResolution(_steps, _failed);
    }

    private bool Walk(DevicePath path, int aliasDepth)
    {
        int argumentsOffset = -1;
        if (path.Alias is not { } alias)
        {
            _steps.Add(new DevicePathStep(tree.Root, null));
        }
        else
        {
            if (!Expand(alias.Name, aliasDepth))
            {
                return false;
            }

            argumentsOffset = alias.ArgumentsOffset;
            if (alias.Arguments != null)
            {
                SetArguments(alias.Arguments);
            }
        }

        for (int i = 0; i < path.Components.Count; i++)
        {
            DevicePathComponent component = path.Components[i];
            DeviceNode? child = component.IsEmpty ? null : Match(_steps[^1].Node, component);
            if (child != null)
            {
                _steps.Add(new DevicePathStep(child, component.Arguments));
                argumentsOffset = component.ArgumentsOffset;
                continue;
            }

            if (argumentsOffset >= 0)
            {
                // No child of that name below an element with arguments: it was the last one, and the "/" is theirs ("cd:,/ppc/x").
                SetArguments(path.Text[argumentsOffset..]);
                return true;
            }

            return EndsHere(path, i) || Fail(component.Text);
        }

        return true;
    }

    /// <summary>"/pci/" is "/pci", and "/:args" gives the arguments to the root.</summary>
    private bool EndsHere(DevicePath path, int index)
    {
        DevicePathComponent component = path.Components[index];
        if (!component.IsEmpty || component.Text.StartsWith('@'))
        {
            return false;
        }

        if (component.Arguments != null)
        {
            SetArguments(path.Text[component.ArgumentsOffset..]);
            return true;
        }

        bool follows = index > 0 || path.Alias != null;
        return follows && index == path.Components.Count - 1;
    }

    private bool Expand(string alias, int aliasDepth)
    {
        string? value = aliasDepth < MaxAliasDepth ? tree.Root.Child("aliases")?.GetString(alias) : null;
        if (value == null || !DevicePath.TryParse(value, out DevicePath? path))
        {
            return Fail(alias);
        }

        return Walk(path, aliasDepth + 1);
    }

    private static DeviceNode? Match(DeviceNode parent, DevicePathComponent component)
    {
        ReadOnlySpan<char> text = component.Text;
        int colon = text.IndexOf(':');
        return parent.Child(colon < 0 ? text : text[..colon])
            ?? Scan(parent, component, static (node, name) => name.Length == 0 || node.BaseName == name)
            ?? Scan(parent, component, static (node, name) => IsDriverName(node.BaseName, name));
    }

    private static DeviceNode? Scan(DeviceNode parent, DevicePathComponent component, Func<DeviceNode, string, bool> nameMatches)
    {
        for (DeviceNode? child = parent.FirstChild; child != null; child = child.NextSibling)
        {
            bool addressMatches = component.UnitAddress is not { } wanted
                || (child.UnitAddress is { } unit && UnitAddress.Matches(unit, wanted));
            if (addressMatches && nameMatches(child, component.Name))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>A name without a manufacturer matches one with: "ffb" finds "SUNW,ffb" (IEEE 1275-1994 4.3).</summary>
    private static bool IsDriverName(string nodeName, string wanted)
    {
        int comma = nodeName.IndexOf(',', StringComparison.Ordinal);
        return comma >= 0 && wanted.Length > 0 && nodeName.AsSpan(comma + 1).SequenceEqual(wanted);
    }

    private void SetArguments(string arguments) => _steps[^1] = _steps[^1] with { Arguments = arguments };

    private bool Fail(string component)
    {
        _failed = component;
        return false;
    }
}

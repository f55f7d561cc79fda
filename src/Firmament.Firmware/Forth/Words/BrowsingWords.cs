using System.Globalization;
using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Looking at the device tree from the prompt (IEEE 1275-1994 7.4.2, 7.4.6), and aliases (7.4.2.1).</summary>
internal static class BrowsingWords
{
    private const int MostShown = 64;

    public static void AddTo(WordTable t)
    {
        t.Add("dev", "--", static f => Dev(f, f.Input.TryParseWord(out ReadOnlySpan<byte> path) ? Encoding.Latin1.GetString(path) : ""));
        t.Add("cd", "--", static f => Dev(f, f.Input.TryParseWord(out ReadOnlySpan<byte> path) ? Encoding.Latin1.GetString(path) : ""));
        t.Add("find-device", "path len --", static f => { if (PropertyWords.PopText(f) is { } path) { Dev(f, path); } });
        t.Add("device-end", "--", static f => f.Devices.End());
        t.Add("select-dev", "path len --", static f => Select(f));
        t.Add("unselect-dev", "--", static f => Unselect(f));
        t.Add("pwd", "--", static f => { if (Shown(f) is { } node) { f.Output.Line(node.Path); } });
        t.Add("ls", "--", static f => List(f));
        t.Add(".properties", "--", static f => Properties(f));
        t.Add("show-devs", "--", static f => ShowDevices(f));
        t.Add("show-pci-devs", "--", static f => ShowDevices(f));
        t.Add("devalias", "--", static f => Alias(f));
        t.Add("$devalias", "name len path len --", static f => SetAlias(f));
    }

    /// <summary>Changes an alias. False when the tree has no room for it.</summary>
    public static bool TrySetAlias(ForthEngine f, string name, string path)
    {
        DeviceNode root = f.Firmware.Tree.Root;
        DeviceNode aliases = root.Child("aliases") ?? root.AddChild("aliases");
        bool ok = name.Length is > 0 and <= DeviceNode.MaxPropertyNameLength
            && aliases.TrySet(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(path + "\0"));
        if (!ok)
        {
            f.Throw(ThrowCode.PropertyFailed);
        }

        return ok;
    }

    private static void Dev(ForthEngine f, string path)
    {
        DeviceNode? current = f.Devices.Active;
        DeviceNode? node = path switch
        {
            "" => null,
            ".." => current?.Parent,
            _ when path.StartsWith('/') || current == null => f.Firmware.Tree.Find(path),
            _ => f.Firmware.Tree.Find(current.Path.TrimEnd('/') + "/" + path) ?? f.Firmware.Tree.Find(path),
        };
        if (node == null)
        {
            f.Throw(path.Length == 0 ? ThrowCode.NoName : ThrowCode.NoSuchDevice);
            return;
        }

        f.Devices.Activate(node);
    }

    private static void Select(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is not { } path)
        {
            return;
        }

        if (f.Firmware.Open(f.Firmware.Tree.Resolve(path), f.Memory.Space) is not { } instance)
        {
            f.Throw(ThrowCode.NoSuchDevice);
            return;
        }

        f.Self = instance.Ihandle;
        f.Devices.Activate(instance.Node);
    }

    private static void Unselect(ForthEngine f)
    {
        f.Firmware.Close(f.Devices.Self, f.Memory.Space);
        f.Self = 0;
        f.Devices.Activate(null);
    }

    private static DeviceNode? Shown(ForthEngine f)
    {
        if (f.Devices.Active is { } node)
        {
            return node;
        }

        f.Throw(ThrowCode.NoActivePackage);
        return null;
    }

    private static void List(ForthEngine f)
    {
        foreach (DeviceNode child in (f.Devices.Active ?? f.Firmware.Tree.Root).Children)
        {
            f.Charge(50);
            f.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{child.Phandle:x8} {child.Name}"));
        }
    }

    private static void ShowDevices(ForthEngine f)
    {
        foreach (DeviceNode node in f.Firmware.Tree.Nodes().ToList())
        {
            f.Charge(50);
            f.Output.Line(node.Path);
        }
    }

    private static void Properties(ForthEngine f)
    {
        if (Shown(f) is not { } node)
        {
            return;
        }

        if (node["name"] == null)
        {
            Show(f, "name", Encoding.Latin1.GetBytes(node.BaseName + "\0"));
        }

        foreach (DeviceProperty property in node.Properties)
        {
            Show(f, property.Name, property.Value.Span);
        }
    }

    private static void Show(ForthEngine f, string name, ReadOnlySpan<byte> value)
    {
        f.Charge(100);
        f.Output.Type(TextOutput.Pad(name, 24));
        if (IsText(value))
        {
            foreach (Range range in value.TrimEnd((byte)0).Split((byte)0))
            {
                f.Output.Type(f.Output.Column > 24 ? ", \"" : "\"");
                f.Output.TypeVisible(value[range]);
                f.Output.Type("\"");
            }

            f.Output.CarriageReturn();
            return;
        }

        StringBuilder text = new();
        for (int i = 0; i < Math.Min(value.Length, MostShown); i++)
        {
            text.Append(i > 0 && i % 4 == 0 ? i % 16 == 0 ? "\r\n" + new string(' ', 24) : " " : "").Append(value[i].ToString("x2", CultureInfo.InvariantCulture));
        }

        f.Output.Line(text.Append(value.Length > MostShown ? $" ... ({value.Length} bytes)" : "").ToString());
    }

    private static bool IsText(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 || value[^1] != 0 || value[0] == 0)
        {
            return false;
        }

        for (int i = 0; i < value.Length - 1; i++)
        {
            if ((value[i] == 0 && value[i + 1] == 0) || (value[i] != 0 && value[i] is < 0x20 or >= 0x7f))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>`devalias [name [path]]`.</summary>
    private static void Alias(ForthEngine f)
    {
        DeviceNode? aliases = f.Firmware.Tree.Root.Child("aliases");
        if (!f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            foreach (DeviceProperty property in aliases?.Properties ?? [])
            {
                if (property.Name != "name")
                {
                    f.Output.Line(TextOutput.Pad(property.Name, 24) + aliases!.GetString(property.Name));
                }
            }

            return;
        }

        string name = Encoding.Latin1.GetString(word);
        if (f.Input.TryParseWord(out ReadOnlySpan<byte> path))
        {
            _ = TrySetAlias(f, name, Encoding.Latin1.GetString(path));
        }
        else if (aliases?.GetString(name) is { } value)
        {
            f.Output.Line(TextOutput.Pad(name, 24) + value);
        }
        else
        {
            f.Output.Line(name + ": no such alias");
        }
    }

    private static void SetAlias(ForthEngine f)
    {
        string? path = PropertyWords.PopText(f);
        string? name = PropertyWords.PopText(f);
        if (path != null && name != null)
        {
            _ = TrySetAlias(f, name, path);
        }
    }
}

using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Devices;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Making nodes, addresses, and calls to the parent bus (IEEE 1275-1994 5.3.1, 5.3.2, 5.3.6).</summary>
internal static class NodeWords
{
    public static void AddTo(WordTable t)
    {
        t.Add("new-device", "--", static f => f.Devices.NewDevice(), 0x11f);
        t.Add("finish-device", "--", static f => f.Devices.FinishDevice(), 0x127);
        t.Add("set-args", "args len unit len --", static f => SetArguments(f), 0x23f);
        t.Add("delete-device", "phandle --", static f => DeleteNode(f));
        t.Add("delete-node", "phandle --", static f => DeleteNode(f));
        t.Add("my-unit", "-- phys.lo ... phys.hi", static f => Unit(f, low: true, high: true), 0x20d);
        t.Add("my-address", "-- phys.lo ...", static f => Unit(f, low: true, high: false), 0x102);
        t.Add("my-space", "-- phys.hi", static f => Unit(f, low: false, high: true), 0x103);
        t.Add("my-params", "-- addr len", static f => PropertyWords.PushText(f, ""), 0x10f);
        t.Add("map-low", "... size -- virt", static f => MapLow(f), 0x130);
        t.Add("dma-alloc", "size -- virt", static f => CallParent(f, "dma-alloc"), 0x101);
        t.Add("memmap", "... size -- virt", static f => CallParent(f, "map-in"), 0x104);
        t.Add("free-virtual", "virt size --", static f => CallParent(f, "map-out"), 0x105);
        t.Add("probe", "arg len reg len fcode len --", static f => f.Throw(ThrowCode.UnsupportedOperation), 0x238);
        t.Add("probe-virtual", "arg len reg len fcode --", static f => f.Throw(ThrowCode.UnsupportedOperation), 0x239);
        t.Add("is-install", "xt --", static f => AddMethod(f, "open"), 0x11c);
        t.Add("is-remove", "xt --", static f => AddMethod(f, "close"), 0x11d);
        t.Add("is-selftest", "xt --", static f => AddMethod(f, "selftest"), 0x11e);
        t.Add("mac-address", "-- addr len", static f => MacAddress(f), 0x1a4);
        t.Add("diagnostic-mode?", "-- flag", static f => f.Push(false), 0x120);
        t.Add("display-status", "n --", static f => _ = f.Pop(), 0x121);
        t.Add("memory-test-suite", "addr len -- failed?", static f => { _ = f.PopDouble(); f.Push(false); }, 0x122);
        t.Add("interpose", "args len phandle --", static f => f.Throw(ThrowCode.UnsupportedOperation), 0x12b);
        t.Add("(is-user-word)", "name len xt --", static f => NameWord(f), 0x214);
        t.Add("probe-all", "--", static _ => { });
        t.Constant("fcode-debug?", 0);
        t.Variable("mask", DataSpace.MaskVariable, 0x124);

        // What tells a tokenizer which names to keep means nothing to text.
        t.Add("external", "--", static _ => { });
        t.Add("headers", "--", static _ => { });
        t.Add("headerless", "--", static _ => { });
        t.Constant("fcode-revision", 0x30000, 0x87);
        t.Constant("fcode-version", 0x30000, 0x212);
        t.Constant("firmware-version", 0x10000, 0x211);
        t.Constant("processor-type", 0, 0x210);
    }

    private static void SetArguments(ForthEngine f)
    {
        string? unit = PropertyWords.PopText(f);
        string? arguments = PropertyWords.PopText(f);
        if (unit != null && arguments != null)
        {
            f.Devices.SetArguments(arguments, unit);
        }
    }

    /// <summary>Removes a node that has no open instance below it.</summary>
    private static void DeleteNode(ForthEngine f)
    {
        if (f.Firmware.Tree.Find(f.PopUnsigned()) is not { Parent: not null, FirstChild: null } node || f.Firmware.PackageOf(node) != null
            || f.Firmware.Instances.HasInstanceOf(node))
        {
            f.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        if (f.Devices.Active == node)
        {
            f.Devices.Activate(null);
        }

        node.Remove();
    }

    /// <summary>The unit address of the current instance, from its "reg", or the number in its name.</summary>
    private static void Unit(ForthEngine f, bool low, bool high)
    {
        if (f.Devices.RequireTarget() is not { } node)
        {
            return;
        }

        int cells = DeviceContext.AddressCells(node.Parent);
        for (int i = cells - 1; i >= 0; i--)
        {
            bool wanted = i == 0 ? high : low;
            if (wanted)
            {
                f.Push(node.TryGetCell("reg", i, out uint cell) ? cell : FromName(node, i, cells));
            }
        }
    }

    private static uint FromName(DeviceNode node, int index, int cells) =>
        index == cells - 1 && node.UnitAddress is { } unit && NumberText.TryParse(Encoding.Latin1.GetBytes(unit), 16, out long value, out _) ? (uint)value : 0;

    private static void MapLow(ForthEngine f)
    {
        uint size = f.PopUnsigned();
        Unit(f, low: false, high: true);
        f.Push(size);
        CallParent(f, "map-in");
    }

    private static void CallParent(ForthEngine f, string method) => f.Devices.CallMethod(f.Devices.Self?.Parent, Encoding.Latin1.GetBytes(method));

    /// <summary>`(is-user-word)`: the xt by a name in the forth wordlist (IEEE 1275-1994 annex F).</summary>
    private static void NameWord(ForthEngine f)
    {
        int word = f.Dictionary.WordOf(f.Pop());
        if (PropertyWords.PopText(f, ForthDictionary.LongestName) is not { Length: > 0 } name || word < 0)
        {
            f.Throw(ThrowCode.InvalidArgument);
            return;
        }

        int alias = f.Compiler.AddHidden(name.ToLowerInvariant(), WordKind.Alias, word);
        if (alias >= 0)
        {
            f.Dictionary.Reveal(alias, ForthDictionary.ForthWordlist);
        }
    }

    private static void AddMethod(ForthEngine f, string name)
    {
        int word = f.Dictionary.WordOf(f.Pop());
        if (word < 0 || f.Devices.RequireTarget() is not { } node || f.Devices.WordlistOf(node) is not (>= 0 and int list))
        {
            f.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        int alias = f.Compiler.AddHidden(name, WordKind.Alias, word);
        if (alias >= 0)
        {
            f.Dictionary.Reveal(alias, list);
        }
    }

    /// <summary>The address of the current instance, or of the first network device.</summary>
    private static void MacAddress(ForthEngine f)
    {
        ReadOnlyMemory<byte>? found = f.Devices.Self?.Node["local-mac-address"]?.Value ?? FindMac(f.Firmware.Tree);
        if (found is not { } address)
        {
            f.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        PropertyWords.PushBytes(f, address.Span);
    }

    /// <summary>The address of the first network device, or null.</summary>
    public static ReadOnlyMemory<byte>? FindMac(DeviceTree.DeviceTree tree)
    {
        foreach (DeviceNode node in tree.Nodes())
        {
            if (node["local-mac-address"] is { } property)
            {
                return property.Value;
            }
        }

        return null;
    }
}

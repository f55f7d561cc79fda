using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Packages and instances: opening, closing, calling methods (IEEE 1275-1994 5.3.3, 5.3.4).</summary>
internal static class PackageWords
{
    public static void AddTo(WordTable t)
    {
        AddOpening(t);
        AddCalling(t);
        t.Add("my-self", "-- ihandle", static f => f.Push(f.Self), 0x203);
        t.Add("my-parent", "-- ihandle", static f => f.Push(f.Devices.Self?.Parent?.Ihandle ?? 0), 0x20a);
        t.Add("my-args", "-- addr len", static f => PropertyWords.PushText(f, f.Devices.Self?.Arguments ?? ""), 0x202);
        t.Add("ihandle>phandle", "ihandle -- phandle", static f => Package(f), 0x20b);
        t.Add("ihandle>non-interposed-phandle", "ihandle -- phandle", static f => Package(f));
        t.Add("child", "phandle -- child", static f => f.Push(f.Firmware.Tree.Find(f.PopUnsigned())?.FirstChild?.Phandle ?? 0), 0x23b);
        t.Add("peer", "phandle -- sibling", static f => Peer(f), 0x23c);
        t.Add("parent", "phandle -- parent", static f => f.Push(f.Firmware.Tree.Find(f.PopUnsigned())?.Parent?.Phandle ?? 0));
        t.Add("phandle>parent", "phandle -- parent", static f => f.Push(f.Firmware.Tree.Find(f.PopUnsigned())?.Parent?.Phandle ?? 0));
        t.Add("root-device", "--", static f => f.Devices.Activate(f.Firmware.Tree.Root));
    }

    /// <summary>The package a name means: a path or alias, or a support package's name below "/packages" (IEEE 1275-1994 5.3.4.1).</summary>
    public static DeviceNode? FindPackage(ForthEngine f, string name)
    {
        DeviceNode? support = name.StartsWith('/') ? null : f.Firmware.Tree.Root.Child("packages")?.Child(name);
        return support ?? f.Firmware.Tree.Find(name);
    }

    private static void AddOpening(WordTable t)
    {
        t.Add("find-package", "name len -- false | phandle true", static f => Find(f), 0x204);
        t.Add("open-package", "args len phandle -- ihandle", static f => OpenPackage(f, f.Firmware.Tree.Find(f.PopUnsigned())), 0x205);
        t.Add("$open-package", "args len name len -- ihandle", static f => OpenNamed(f), 0x20f);
        t.Add("close-package", "ihandle --", static f => ClosePackage(f), 0x206);
        t.Add("open-dev", "path len -- ihandle", static f => f.Push(Open(f, PropertyWords.PopText(f))?.Ihandle ?? 0));
        t.Add("close-dev", "ihandle --", static f => f.Firmware.Close(f.Firmware.Instances.Find(f.PopUnsigned()), f.Memory.Space));
        t.Add("begin-package", "args len reg len path len --", static f => BeginPackage(f));
        t.Add("end-package", "--", static f => EndPackage(f));
    }

    private static void AddCalling(WordTable t)
    {
        t.Add("find-method", "name len phandle -- false | xt true", static f => FindMethod(f), 0x207);
        t.Add("call-package", "xt ihandle -- ...", static f => CallPackage(f), 0x208);
        t.Add("$call-parent", "name len -- ...", static f => Call(f, f.Devices.Self?.Parent), 0x209);
        t.Add("$call-method", "name len ihandle -- ...", static f => Call(f, f.Firmware.Instances.Find(f.PopUnsigned())), 0x20e);
        t.Add("$call-method-internal", "name len ihandle -- ...", static f => Call(f, f.Firmware.Instances.Find(f.PopUnsigned())));
        t.Add("execute-device-method", "path len name len -- false | ... true", static f => ExecuteDeviceMethod(f));
        t.Add("apply", "--", static f => Apply(f));
        t.Nameless("(close-and-true)", "ihandle --", static f => { f.Firmware.Close(f.Firmware.Instances.Find(f.PopUnsigned()), f.Memory.Space); f.Push(true); });
    }

    private static Instance? Open(ForthEngine f, string? path) =>
        path == null ? null : f.Firmware.Open(f.Firmware.Tree.Resolve(path), f.Memory.Space);

    private static void Package(ForthEngine f)
    {
        if (f.Firmware.Instances.Find(f.PopUnsigned()) is not { } instance)
        {
            f.Throw(ThrowCode.NoInstance);
            return;
        }

        f.Push(instance.Node.Phandle);
    }

    private static void Peer(ForthEngine f)
    {
        uint phandle = f.PopUnsigned();
        DeviceNode? next = phandle == 0 ? f.Firmware.Tree.Root : f.Firmware.Tree.Find(phandle)?.NextSibling;
        f.Push(next?.Phandle ?? 0);
    }

    private static void Find(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is not { } name)
        {
            return;
        }

        DeviceNode? node = FindPackage(f, name);
        if (node != null)
        {
            f.Push(node.Phandle);
        }

        f.Push(node != null);
    }

    private static void OpenPackage(ForthEngine f, DeviceNode? node)
    {
        if (PropertyWords.PopText(f) is not { } arguments)
        {
            return;
        }

        f.Push(node == null ? 0 : f.Firmware.OpenPackage(node, arguments, f.Devices.Self, f.Memory.Space)?.Ihandle ?? 0);
    }

    private static void OpenNamed(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is { } name)
        {
            OpenPackage(f, FindPackage(f, name));
        }
    }

    private static void ClosePackage(ForthEngine f)
    {
        if (f.Firmware.Instances.Find(f.PopUnsigned()) is { } instance)
        {
            f.Firmware.ClosePackage(instance, f.Memory.Space);
        }
    }

    /// <summary>`begin-package`: opens the parent and begins a child of it, as a script that describes a device does (IEEE 1275-1994 7.4.8.1).</summary>
    private static void BeginPackage(ForthEngine f)
    {
        string? path = PropertyWords.PopText(f);
        string? unit = PropertyWords.PopText(f);
        string? arguments = PropertyWords.PopText(f);
        if (path == null || unit == null || arguments == null)
        {
            return;
        }

        if (Open(f, path) is not { } parent)
        {
            f.Throw(ThrowCode.NoSuchDevice);
            return;
        }

        f.Self = parent.Ihandle;
        f.Devices.Activate(parent.Node);
        f.Devices.NewDevice();
        if (f.Fault == 0)
        {
            f.Devices.SetArguments(arguments, unit);
        }
    }

    private static void EndPackage(ForthEngine f)
    {
        f.Devices.FinishDevice();
        if (f.Fault == 0 && f.Devices.Self is { } parent)
        {
            f.Firmware.Close(parent, f.Memory.Space);
            f.Self = 0;
            f.Devices.Activate(null);
        }
    }

    private static void FindMethod(ForthEngine f)
    {
        DeviceNode? node = f.Firmware.Tree.Find(f.PopUnsigned());
        if (PropertyWords.PopText(f, ForthDictionary.LongestName) is not { } name)
        {
            return;
        }

        int word = node == null ? -1 : f.Devices.FindAnyMethod(node, Encoding.Latin1.GetBytes(name));
        if (word >= 0)
        {
            f.Push(ForthDictionary.TokenOf(word));
        }

        f.Push(word >= 0);
    }

    private static void CallPackage(ForthEngine f)
    {
        uint ihandle = f.PopUnsigned();
        int word = f.Dictionary.WordOf(f.Pop());
        if (word < 0 || f.Firmware.Instances.Find(ihandle) == null)
        {
            f.Throw(word < 0 ? ThrowCode.UnsupportedOperation : ThrowCode.NoInstance);
            return;
        }

        f.ExecuteNext(word, ihandle);
    }

    private static void Call(ForthEngine f, Instance? instance)
    {
        if (PropertyWords.PopText(f, ForthDictionary.LongestName) is { } name)
        {
            f.Devices.CallMethod(instance, Encoding.Latin1.GetBytes(name));
        }
    }

    /// <summary>Opens a device, runs a method and closes it; false when it cannot be opened or has no such method (IEEE 1275-1994 7.4.5).</summary>
    private static void ExecuteDeviceMethod(ForthEngine f)
    {
        string? name = PropertyWords.PopText(f, ForthDictionary.LongestName);
        if (name == null || Open(f, PropertyWords.PopText(f)) is not { } instance)
        {
            f.Push(false);
            return;
        }

        if (!f.Firmware.HasMethod(instance.Node, Encoding.Latin1.GetBytes(name)))
        {
            f.Firmware.Close(instance, f.Memory.Space);
            f.Push(false);
            return;
        }

        f.CloseAfterCall(instance.Ihandle);
        f.Devices.CallMethod(instance, Encoding.Latin1.GetBytes(name));
    }

    /// <summary>`apply method path`.</summary>
    private static void Apply(ForthEngine f)
    {
        string? name = f.Compiler.ParseName();
        if (name == null || !f.Input.TryParseWord(out ReadOnlySpan<byte> path))
        {
            f.Throw(ThrowCode.NoName);
            return;
        }

        PropertyWords.PushBytes(f, path);
        PropertyWords.PushText(f, name);
        ExecuteDeviceMethod(f);
    }
}

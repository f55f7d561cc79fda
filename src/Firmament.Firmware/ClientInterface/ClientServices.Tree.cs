using System.Buffers;
using System.Text;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Paths;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.ClientInterface;

/// <content>Device tree services, IEEE 1275-1994 6.3.2.1 and 6.3.2.2.</content>
public sealed partial class ClientServices
{
    private const int LongestPropertyName = DeviceNode.MaxPropertyNameLength;

    // Larger values do not fit a tree's limit anyway; this bounds the copy made before the tree refuses.
    private const uint LargestProperty = 16 << 20;

    private uint Test(CallBlock call) =>
        TryReadText(call, 0, NameIndex<object>.LongestName, out ReadOnlySpan<byte> name) && Services.Find(name) != null ? 0 : Failed;

    private uint Peer(uint phandle) => phandle == 0 ? Tree.Root.Phandle : Tree.Find(phandle)?.NextSibling?.Phandle ?? 0;

    private uint Child(uint phandle) => Tree.Find(phandle)?.FirstChild?.Phandle ?? 0;

    private uint Parent(uint phandle) => Tree.Find(phandle)?.Parent?.Phandle ?? 0;

    private uint InstanceToPackage(uint ihandle) => InstanceOf(ihandle)?.Node.Phandle ?? Failed;

    private uint GetPropertyLength(CallBlock call)
    {
        Span<byte> implicitName = stackalloc byte[LongestPropertyName];
        return TryFindProperty(call, implicitName, out ReadOnlySpan<byte> value) ? (uint)value.Length : Failed;
    }

    private uint GetProperty(CallBlock call)
    {
        Span<byte> implicitName = stackalloc byte[LongestPropertyName];
        if (!TryFindProperty(call, implicitName, out ReadOnlySpan<byte> value))
        {
            return Failed;
        }

        int count = (int)Math.Min((uint)value.Length, call[3]);
        return call.Space.TryWrite(call[2], value[..count]) ? (uint)value.Length : Failed;
    }

    /// <summary>The property that arguments 0 and 1 name. A node without a "name" property has its own name there (3.2.2.1).</summary>
    private bool TryFindProperty(CallBlock call, Span<byte> implicitName, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Tree.Find(call[0]) is not { } node || !TryReadText(call, 1, LongestPropertyName, out ReadOnlySpan<byte> name))
        {
            return false;
        }

        if (node.Find(name) is { } property)
        {
            value = property.Value.Span;
            return true;
        }

        if (!name.SequenceEqual("name"u8) || node.BaseName.Length >= implicitName.Length)
        {
            return false;
        }

        int length = Encoding.Latin1.GetBytes(node.BaseName, implicitName);
        implicitName[length] = 0;
        value = implicitName[..(length + 1)];
        return true;
    }

    /// <summary>Properties in order; the implicit "name" comes first. 1 = stored, 0 = no more, −1 = no such property or node.</summary>
    private uint NextProperty(CallBlock call)
    {
        ReadOnlySpan<byte> previous = default;
        if (Tree.Find(call[0]) is not { } node
            || (call[1] != 0 && !TryReadText(call, 1, LongestPropertyName, out previous)))
        {
            return Failed;
        }

        bool nameIsImplicit = node.Find("name"u8) == null;
        if (previous.IsEmpty && nameIsImplicit)
        {
            return call.Space.TryWrite(call[2], "name\0"u8) ? 1 : Failed;
        }

        if (nameIsImplicit && previous.SequenceEqual("name"u8))
        {
            previous = default;
        }

        DeviceProperty? next = node.NextProperty(previous, out bool found);
        if (!found)
        {
            return Failed;
        }

        if (next == null)
        {
            return 0;
        }

        // Names from flattened trees can be longer than the 31 characters of IEEE 1275; clients' buffers have room in practice.
        Span<byte> name = stackalloc byte[LongestPropertyName + 1];
        int length = Encoding.Latin1.GetBytes(next.Name.AsSpan(0, Math.Min(next.Name.Length, LongestPropertyName)), name);
        name[length] = 0;
        return call.Space.TryWrite(call[2], name[..(length + 1)]) ? 1 : Failed;
    }

    private uint SetProperty(CallBlock call)
    {
        uint length = call[3];
        if (Tree.Find(call[0]) is not { } node || length > LargestProperty || !call.Space.CanAccess(call[2], length, write: false)
            || !TryReadText(call, 1, LongestPropertyName, out ReadOnlySpan<byte> name))
        {
            return Failed;
        }

        byte[] value = ArrayPool<byte>.Shared.Rent((int)length);
        bool ok = call.Space.TryRead(call[2], value.AsSpan(0, (int)length)) && node.TrySet(name, value.AsSpan(0, (int)length));
        ArrayPool<byte>.Shared.Return(value);
        return ok ? length : Failed;
    }

    private uint Canonicalise(CallBlock call) =>
        TryResolve(call, 0, out DeviceResolution? path) ? StorePath(call, path.CanonicalPath, call[1], call[2]) : Failed;

    private uint FindDevice(CallBlock call) => TryResolve(call, 0, out DeviceResolution? path) ? path.Node!.Phandle : Failed;

    private uint InstanceToPath(CallBlock call, bool withInterposed) =>
        StorePath(call, InstanceOf(call[0])?.Path(withInterposed), call[1], call[2]);

    private uint PackageToPath(CallBlock call) => StorePath(call, Tree.Find(call[0])?.Path, call[1], call[2]);

    private uint TestMethod(CallBlock call) =>
        Tree.Find(call[0]) is { } node && TryReadText(call, 1, NameIndex<object>.LongestName, out ReadOnlySpan<byte> method)
            && _firmware.HasMethod(node, method) ? 0 : Failed;

    /// <summary>A path, or the name of a support package below `/packages`.</summary>
    private uint FindPackage(CallBlock call)
    {
        if (!TryReadText(call, 0, LongestSpecifier, out ReadOnlySpan<byte> name) || name.IsEmpty)
        {
            return Failed;
        }

        DeviceNode? node = name[0] == (byte)'/' ? Tree.Resolve(name).Node : Tree.Root.Child("packages")?.Child(Encoding.Latin1.GetString(name));
        return node?.Phandle ?? Failed;
    }

    private bool TryResolve(CallBlock call, int index, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DeviceResolution? path)
    {
        path = TryReadText(call, index, LongestSpecifier, out ReadOnlySpan<byte> text) ? Tree.Resolve(text) : null;
        return path is { Found: true };
    }

    /// <summary>Arguments lie with the top of the stack first; so do results (IEEE 1275-1994 6.3.2.2).</summary>
    private uint CallMethod(CallBlock call)
    {
        if (InstanceOf(call[1]) is not { } instance
            || !TryReadText(call, 0, NameIndex<object>.LongestName, out ReadOnlySpan<byte> method))
        {
            return unchecked((uint)CatchResult.UnsupportedOperation);
        }

        PushArguments(call, 2);
        int result = _firmware.CallMethod(instance, method, call.Space, _stack);
        return FinishMethod(call, result);
    }

    private void PushArguments(CallBlock call, int first)
    {
        _stack.Clear();
        for (int i = call.ArgumentCount - 1; i >= first; i--)
        {
            _stack.Push(call[i]);
        }
    }

    private uint FinishMethod(CallBlock call, int result)
    {
        result = result != CatchResult.Ok ? result : _stack.Fault;
        for (int i = 1; result == CatchResult.Ok && i < call.ResultCount && _stack.Depth > 0; i++)
        {
            call.Return(i, _stack.Pop());
        }

        return (uint)result;
    }
}

using System.Buffers.Binary;
using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Devices;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Properties: encoding, decoding, storing and finding (IEEE 1275-1994 5.3.5).</summary>
internal static class PropertyWords
{
    private const int LargestValue = 1 << 20;

    public static void AddTo(WordTable t)
    {
        AddEncoding(t);
        AddDecoding(t);
        t.Add("property", "addr len name len --", static f => Set(f), 0x110);
        t.Add("delete-property", "name len --", static f => Delete(f), 0x21e);
        t.Add("get-my-property", "name len -- true | addr len false", static f => Get(f, f.Devices.Self?.Node ?? f.Devices.RequireTarget()), 0x21a);
        t.Add("get-inherited-property", "name len -- true | addr len false", static f => GetInherited(f), 0x21d);
        t.Add("get-package-property", "name len phandle -- true | addr len false", static f => GetFrom(f), 0x21f);
        t.Add("get-property", "name len phandle -- true | addr len false", static f => GetFrom(f));
        t.Add("next-property", "name len phandle -- false | name len true", static f => Next(f), 0x23d);
        t.Add("device-name", "addr len --", static f => SetText(f, "name"), 0x201);
        t.Add("name", "addr len --", static f => SetText(f, "name"));
        t.Add("device-type", "addr len --", static f => SetText(f, "device_type"), 0x11a);
        t.Add("model", "addr len --", static f => SetText(f, "model"), 0x119);
        t.Add("reg", "... size --", static f => Reg(f), 0x116);
        t.Add("intr", "level vector --", static f => { _ = f.Pop(); SetBytes(f, "intr", Cell(f.PopUnsigned())); }, 0x117);
        t.Add("driver", "addr len --", static f => SetText(f, "name"), 0x118);
    }

    /// <summary>A name or a specifier from the stack; null after a throw.</summary>
    public static string? PopText(ForthEngine f, int most = 1024)
    {
        uint length = f.PopUnsigned();
        if (f.Memory.TryCopy(f.PopUnsigned(), length, most, out byte[] bytes))
        {
            return Encoding.Latin1.GetString(bytes);
        }

        f.Throw(length > (uint)most ? ThrowCode.StringOverflow : ThrowCode.InvalidAddress);
        return null;
    }

    /// <summary>Pushes bytes as a string that stays for a while.</summary>
    public static void PushBytes(ForthEngine f, ReadOnlySpan<byte> bytes)
    {
        uint address = 0;
        if (bytes.Length <= DataSpace.LongestText - 4)
        {
            address = f.Memory.KeepForAWhile(bytes);
        }
        else if (!f.Memory.TryKeepAboveHere(bytes, out address))
        {
            f.Throw(ThrowCode.StringOverflow);
        }

        f.Push(address);
        f.Push(bytes.Length);
    }

    public static void PushText(ForthEngine f, string text) => PushBytes(f, TextOutput.Bytes(text));

    private static void AddEncoding(WordTable t)
    {
        t.Add("encode-int", "n -- addr len", static f => Encode(f, Cell(f.PopUnsigned())), 0x111);
        t.Add("encode-string", "addr len -- addr len", static f => EncodeBytes(f, terminated: true), 0x114);
        t.Add("encode-bytes", "addr len -- addr len", static f => EncodeBytes(f, terminated: false), 0x115);
        t.Add("encode-phys", "... phys.hi -- addr len", static f => EncodePhys(f), 0x113);
        t.Add("encode+", "a1 l1 a2 l2 -- addr len", static f => Join(f), 0x112);
        t.Add("encode-null", "-- addr len", static f => Encode(f, []));
    }

    private static void AddDecoding(WordTable t)
    {
        t.Add("decode-int", "addr1 len1 -- addr2 len2 n", static f => DecodeInt(f), 0x21b);
        t.Add("decode-string", "addr1 len1 -- addr2 len2 str len", static f => DecodeString(f), 0x21c);
        t.Add("decode-bytes", "addr1 len1 n -- addr2 len2 data n", static f => DecodeBytes(f));
        t.Add("decode-phys", "addr1 len1 -- addr2 len2 phys.lo ... phys.hi", static f => DecodePhys(f), 0x128);
    }

    private static byte[] Cell(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void Encode(ForthEngine f, ReadOnlySpan<byte> bytes)
    {
        uint here = f.Memory.Here;
        MemoryWords.Allot(f, bytes.Length);
        if (f.Fault == 0)
        {
            _ = f.Memory.TryWrite(here, bytes);
        }

        f.Push(here);
        f.Push(bytes.Length);
    }

    private static void EncodeBytes(ForthEngine f, bool terminated)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, LargestValue, out byte[] bytes))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        f.Charge(length / 16);
        Encode(f, terminated ? [.. bytes, 0] : bytes);
    }

    /// <summary>An address as the target's parent has it, high cell first.</summary>
    private static void EncodePhys(ForthEngine f)
    {
        int cells = DeviceContext.AddressCells(f.Devices.Target?.Parent);
        byte[] bytes = new byte[cells * 4];
        for (int i = 0; i < cells; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), f.PopUnsigned());
        }

        Encode(f, bytes);
    }

    /// <summary>Joins two values. They lie one after the other unless other data space was used meanwhile; then both are copied.</summary>
    private static void Join(ForthEngine f)
    {
        uint secondLength = f.PopUnsigned();
        uint second = f.PopUnsigned();
        uint firstLength = f.PopUnsigned();
        uint first = f.PopUnsigned();
        if (first + firstLength == second)
        {
            f.Push(first);
            f.Push(firstLength + secondLength);
        }
        else if (f.Memory.TryCopy(first, firstLength, LargestValue, out byte[] left) && f.Memory.TryCopy(second, secondLength, LargestValue, out byte[] right))
        {
            f.Charge((left.Length + right.Length) / 16);
            Encode(f, [.. left, .. right]);
        }
        else
        {
            f.Throw(ThrowCode.InvalidAddress);
        }
    }

    private static void DecodeInt(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        uint taken = Math.Min(length, 4);
        if (!f.Memory.TryCopy(address, taken, 4, out byte[] bytes))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        f.Push(address + taken);
        f.Push(length - taken);
        f.Push(taken == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0);
    }

    private static void DecodeString(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        if (!f.Memory.TryCopy(address, length, LargestValue, out byte[] bytes))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        int end = Array.IndexOf(bytes, (byte)0);
        uint text = end < 0 ? length : (uint)end;
        uint taken = end < 0 ? length : text + 1;
        f.Charge(text / 8);
        f.Push(address + taken);
        f.Push(length - taken);
        f.Push(address);
        f.Push(text);
    }

    private static void DecodeBytes(ForthEngine f)
    {
        uint count = f.PopUnsigned();
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        count = Math.Min(count, length);
        f.Push(address + count);
        f.Push(length - count);
        f.Push(address);
        f.Push(count);
    }

    private static void DecodePhys(ForthEngine f)
    {
        int cells = DeviceContext.AddressCells(f.Devices.Target?.Parent);
        Span<int> values = stackalloc int[8];
        for (int i = 0; i < cells; i++)
        {
            DecodeInt(f);
            values[i] = f.Pop();
        }

        for (int i = cells - 1; i >= 0; i--)
        {
            f.Push(values[i]);
        }
    }

    private static void Set(ForthEngine f)
    {
        if (PopText(f, DeviceNode.MaxPropertyNameLength) is { } name)
        {
            SetValue(f, name);
        }
    }

    private static void SetValue(ForthEngine f, string name)
    {
        uint length = f.PopUnsigned();
        if (!f.Memory.TryCopy(f.PopUnsigned(), length, LargestValue, out byte[] value))
        {
            f.Throw(ThrowCode.InvalidAddress);
            return;
        }

        f.Charge(length / 16);
        SetBytes(f, name, value);
    }

    private static void SetText(ForthEngine f, string name)
    {
        if (PopText(f) is { } text)
        {
            SetBytes(f, name, Encoding.Latin1.GetBytes(text + "\0"));
        }
    }

    private static void SetBytes(ForthEngine f, string name, byte[] value)
    {
        if (f.Devices.RequireTarget() is not { } node)
        {
            return;
        }

        if (!node.TrySet(Encoding.Latin1.GetBytes(name), value))
        {
            f.Throw(ThrowCode.PropertyFailed);
            return;
        }

        if (name == "name")
        {
            f.Devices.SetName(node, node.GetString("name") ?? "");
        }
    }

    private static void Delete(ForthEngine f)
    {
        if (PopText(f) is { } name && f.Devices.RequireTarget() is { } node)
        {
            _ = node.RemoveProperty(name);
        }
    }

    /// <summary>`reg ( phys.lo ... phys.hi size -- )`.</summary>
    private static void Reg(ForthEngine f)
    {
        if (f.Devices.RequireTarget() is not { } node)
        {
            return;
        }

        int sizes = DeviceContext.SizeCells(node.Parent);
        int addresses = DeviceContext.AddressCells(node.Parent);
        byte[] value = new byte[(sizes + addresses) * 4];
        for (int i = 0; i < sizes; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan((addresses + i) * 4), f.PopUnsigned());
        }

        for (int i = 0; i < addresses; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(i * 4), f.PopUnsigned());
        }

        SetBytes(f, "reg", value);
    }

    private static void Push(ForthEngine f, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            PushBytes(f, bytes.Span);
        }

        f.Push(value == null);
    }

    private static ReadOnlyMemory<byte>? Find(DeviceNode? node, string name) =>
        node?[name]?.Value ?? (name == "name" && node != null ? Encoding.Latin1.GetBytes(node.BaseName + "\0") : (ReadOnlyMemory<byte>?)null);

    private static void Get(ForthEngine f, DeviceNode? node)
    {
        if (PopText(f) is { } name)
        {
            Push(f, Find(node, name));
        }
    }

    private static void GetFrom(ForthEngine f)
    {
        DeviceNode? node = f.Firmware.Tree.Find(f.PopUnsigned());
        Get(f, node);
    }

    private static void GetInherited(ForthEngine f)
    {
        if (PopText(f) is not { } name)
        {
            return;
        }

        ReadOnlyMemory<byte>? value = null;
        Instance? instance = f.Devices.Self;
        for (DeviceNode? node = f.Devices.Target; node != null && value == null; node = instance?.Node ?? node.Parent)
        {
            value = Find(node, name);
            instance = instance?.Parent;
        }

        Push(f, value);
    }

    private static void Next(ForthEngine f)
    {
        DeviceNode? node = f.Firmware.Tree.Find(f.PopUnsigned());
        if (PopText(f) is not { } previous)
        {
            return;
        }

        DeviceProperty? next = node?.NextProperty(previous.Length == 0 ? null : previous, out _);
        if (next != null)
        {
            PushText(f, next.Name);
        }

        f.Push(next != null);
    }
}

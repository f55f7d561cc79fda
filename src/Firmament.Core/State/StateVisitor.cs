using System.Text;
using Firmament.Core.Memory;

namespace Firmament.Core.State;

/// <summary>
/// Walks a component's named fields. The same <see cref="IStateful.Visit"/> lines save, load, hash and print,
/// depending on which visitor they are shown to.
/// </summary>
public abstract class StateVisitor
{
    private const int MostTextBytes = 1 << 20;

    /// <summary>True when fields are written back from a saved state.</summary>
    public virtual bool IsLoading => false;

    /// <summary>Opens a named group with a version; components of one machine have distinct names.</summary>
    /// <returns>The version found when loading, else <paramref name="version"/>.</returns>
    public abstract int Begin(string name, int version);

    /// <summary>Closes the group.</summary>
    public abstract void End();

    /// <summary>The bytes of a fixed-size block.</summary>
    public abstract void Bytes(string name, Span<byte> bytes);

    /// <summary>A 64-bit field.</summary>
    public abstract void Field(string name, ref ulong value);

    /// <summary>Guest RAM; savers may store only pages that are not zero.</summary>
    public abstract void Memory(string name, GuestMemory memory);

    /// <summary>A whole component as a group of its own.</summary>
    public void Component(string name, IStateful component, int version = 1)
    {
        Begin(name, version);
        component.Visit(this);
        End();
    }

    /// <summary>A signed 64-bit field.</summary>
    public void Field(string name, ref long value)
    {
        ulong bits = (ulong)value;
        Field(name, ref bits);
        value = (long)bits;
    }

    /// <summary>A 32-bit field.</summary>
    public void Field(string name, ref uint value)
    {
        ulong bits = value;
        Field(name, ref bits);
        value = (uint)bits;
    }

    /// <summary>A signed 32-bit field.</summary>
    public void Field(string name, ref int value)
    {
        ulong bits = (uint)value;
        Field(name, ref bits);
        value = (int)(uint)bits;
    }

    /// <summary>A 16-bit field.</summary>
    public void Field(string name, ref ushort value)
    {
        ulong bits = value;
        Field(name, ref bits);
        value = (ushort)bits;
    }

    /// <summary>An 8-bit field.</summary>
    public void Field(string name, ref byte value)
    {
        ulong bits = value;
        Field(name, ref bits);
        value = (byte)bits;
    }

    /// <summary>A flag.</summary>
    public void Field(string name, ref bool value)
    {
        ulong bits = value ? 1u : 0u;
        Field(name, ref bits);
        value = bits != 0;
    }

    /// <summary>A string, at most 1 MiB in UTF-8; saved as its length and its bytes.</summary>
    public void Text(string name, ref string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        int length = bytes.Length;
        Field(name + "-length", ref length);
        if (IsLoading)
        {
            bytes = new byte[Math.Clamp(length, 0, MostTextBytes)];
        }

        Bytes(name, bytes);
        if (IsLoading)
        {
            value = Encoding.UTF8.GetString(bytes);
        }
    }
}

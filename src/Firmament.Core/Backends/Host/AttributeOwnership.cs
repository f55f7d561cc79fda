using System.Buffers.Binary;
using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// What the guest gave a file, in extended attributes of the host's: QEMU's security_model=mapped-xattr, with its names and bytes, so that a folder can go
/// from one to the other. user.virtfs.uid, .gid and .mode have 32 bits, .rdev has 64, all little-endian. A link, pipe, socket or device file of the guest's
/// is a regular file of the host's with another kind in .mode; a link's contents say where it leads.
/// </summary>
internal static class AttributeOwnership
{
    private static readonly byte[] User = Name("uid");
    private static readonly byte[] Group = Name("gid");
    private static readonly byte[] Mode = Name("mode");
    private static readonly byte[] Device = Name("rdev");

    /// <summary>False when the file system has no extended attributes for users.</summary>
    public static bool IsPossible(byte[] path) =>
        FileCalls.GetAttribute(path, User, new byte[4], 4) >= 0 || HostFileTree.LastError() != FileError.NotSupported;

    /// <summary>Puts what the attributes say in place of what the host says. Attributes that do not fit the file, whoever made them, are passed over.</summary>
    public static FileStatus Apply(byte[] path, FileStatus status)
    {
        uint kind = status.Mode & FileStatus.KindMask;
        if (Get32(path, Mode) is { } mode)
        {
            uint wanted = mode & FileStatus.KindMask;
            bool fits = wanted == kind || (kind == FileStatus.RegularFile && wanted is not (0 or FileStatus.Directory));
            status = status with { Mode = (fits ? wanted : kind) | (mode & 0xfff) };
        }

        byte[] device = new byte[8];
        return status with
        {
            User = Get32(path, User) ?? status.User,
            Group = Get32(path, Group) ?? status.Group,
            Device = FileCalls.GetAttribute(path, Device, device, device.Length) == device.Length ? BinaryPrimitives.ReadUInt64LittleEndian(device) : status.Device,
        };
    }

    /// <summary>Sets those that are given; an error number.</summary>
    public static int Set(byte[] path, uint? user, uint? group, uint? mode, ulong? device = null)
    {
        foreach ((byte[] name, uint? value) in ((byte[], uint?)[])[(User, user), (Group, group), (Mode, mode)])
        {
            if (value is { } number && Put(path, name, BitConverter.GetBytes(BitConverter.IsLittleEndian ? number : BinaryPrimitives.ReverseEndianness(number))) is var error && error != FileError.None)
            {
                return error;
            }
        }

        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, device ?? 0);
        return device == null ? FileError.None : Put(path, Device, bytes);
    }

    private static byte[] Name(string last) => Encoding.ASCII.GetBytes($"user.virtfs.{last}\0");

    private static uint? Get32(byte[] path, byte[] name)
    {
        byte[] value = new byte[4];
        return FileCalls.GetAttribute(path, name, value, value.Length) == value.Length ? BinaryPrimitives.ReadUInt32LittleEndian(value) : null;
    }

    private static int Put(byte[] path, byte[] name, byte[] value) =>
        FileCalls.SetAttribute(path, name, value, value.Length, 0) < 0 ? HostFileTree.LastError() : FileError.None;
}

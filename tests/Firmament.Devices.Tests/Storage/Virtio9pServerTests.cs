using System.Buffers.Binary;
using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;
using Firmament.Devices.Storage;

namespace Firmament.Devices.Tests.Storage;

public sealed class Virtio9pServerTests : IDisposable
{
    private readonly string _outer = Directory.CreateTempSubdirectory("firmament").FullName;
    private readonly byte[] _answer = new byte[Virtio9pServer.LargestMessage];
    private Virtio9pServer _server;

    public Virtio9pServerTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "shared folders need Linux");
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(_outer, "secret"), "secret");
        File.WriteAllText(Path.Combine(Root, "file"), "content");
        File.CreateSymbolicLink(Path.Combine(Root, "link"), Path.Combine(_outer, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "out"), _outer);
        _server = Attach(readOnly: false);
    }

    private string Root => Path.Combine(_outer, "root");

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_outer, recursive: true);
    }

    private static byte[] S(string text) => [.. BitConverter.GetBytes((ushort)text.Length), .. Encoding.Latin1.GetBytes(text)];

    private static byte[] W(uint number) => BitConverter.GetBytes(number);

    private static byte[] L(ulong number) => BitConverter.GetBytes(number);

    private Virtio9pServer Attach(bool readOnly, FileOwnership ownership = FileOwnership.Host, uint user = 0)
    {
        _server?.Dispose();
        _server = new Virtio9pServer(HostFileTree.Open(Root, readOnly, ownership));
        Ask(100, W(8192), S("9P2000.L"));
        Ask(104, W(1), W(uint.MaxValue), S("root"), S(""), W(user));
        return _server;
    }

    /// <summary>With owners in attributes, for the guest's user 1000; skipped where the host's temporary folder has none.</summary>
    private void AttachMapped(bool readOnly = false)
    {
        try
        {
            Attach(readOnly, FileOwnership.Attributes, 1000);
        }
        catch (BackendException error)
        {
            Assert.Skip(error.Message);
        }
    }

    /// <summary>Mode, owner, group and device of a place.</summary>
    private (uint Mode, uint User, uint Group, ulong Device) Attributes(uint fid)
    {
        byte[] answer = Ask(24, W(fid), L(0x7ff));
        uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(at));
        return (Word(21), Word(25), Word(29), BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(41)));
    }

    private (byte Type, byte[] Body) Send(byte type, params byte[][] fields)
    {
        byte[] body = [.. fields.SelectMany(static field => field)];
        byte[] message = [.. W((uint)(7 + body.Length)), type, 7, 0, .. body];
        int length = _server.Serve(message, _answer);
        Assert.Equal(length, BinaryPrimitives.ReadInt32LittleEndian(_answer));
        Assert.Equal(7, BinaryPrimitives.ReadUInt16LittleEndian(_answer.AsSpan(5)));
        return (_answer[4], _answer[7..length]);
    }

    private byte[] Ask(byte type, params byte[][] fields)
    {
        (byte answer, byte[] body) = Send(type, fields);
        Assert.Equal(type + 1, answer);
        return body;
    }

    private void Fails(int error, byte type, params byte[][] fields)
    {
        (byte answer, byte[] body) = Send(type, fields);
        Assert.Equal(7, answer);
        Assert.Equal(error, BinaryPrimitives.ReadInt32LittleEndian(body));
    }

    private byte[] Walk(uint to, params string[] names) => Ask(110, [W(1), W(to), BitConverter.GetBytes((ushort)names.Length), .. names.Select(S)]);

    [Fact]
    public void A_file_is_walked_to_opened_read_and_clunked()
    {
        Assert.Equal(2 + 13, Walk(2, "file").Length);
        Ask(12, W(2), W(0));
        Assert.Equal((byte[])[7, 0, 0, 0, .. "content"u8], Ask(116, W(2), L(0), W(100)));
        Assert.Equal(new byte[4], Ask(116, W(2), L(7), W(100)));
        byte[] attributes = Ask(24, W(2), L(0x7ff));
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(attributes.AsSpan(8 + 13 + 12 + 16)));
        Fails(FileError.BadHandle, 118, W(2), L(0), W(1), [1]);
        Ask(120, W(2));
        Fails(FileError.BadHandle, 120, W(2));
    }

    [Fact]
    public void No_name_and_no_link_leads_out()
    {
        Walk(3, "..");
        byte[] list = Ask(24, W(3), L(0x7ff));
        Assert.Equal(Ask(24, W(1), L(0x7ff))[8..21], list[8..21]);
        foreach (string name in (string[])["../secret", ".", "", "a\0b", "x/y"])
        {
            (byte type, _) = Send(110, W(1), W(9), [1, 0], S(name));
            Assert.Equal(7, type);
        }

        Walk(4, "link");
        Fails(FileError.IsLink, 12, W(4), W(0));
        Walk(5, "out");
        byte[] partial = Walk(6, "out", "secret");
        Assert.Equal(1, partial[0]);
        Fails(FileError.BadHandle, 24, W(6), L(0));
        foreach (string name in (string[])["..", ".", "../x", "a/b"])
        {
            Assert.Equal(7, Send(14, W(1), S(name), W(0x41), W(0x1b6), W(0)).Type);
            Assert.Equal(7, Send(72, W(1), S(name), W(0x1ff), W(0)).Type);
            Assert.Equal(7, Send(76, W(1), S(name), W(0)).Type);
            Assert.Equal(7, Send(74, W(1), S("file"), W(1), S(name)).Type);
        }

        Assert.Equal(7, Send(14, W(5), S("new"), W(0x41), W(0x1b6), W(0)).Type);
        Fails(FileError.IsLink, 14, W(1), S("link"), W(0x41), W(0x1b6), W(0));
        Assert.Equal("secret", File.ReadAllText(Path.Combine(_outer, "secret")));
        Assert.Equal(["root", "secret"], Directory.EnumerateFileSystemEntries(_outer).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Files_folders_and_links_are_made_moved_and_removed()
    {
        Walk(2);
        Ask(72, W(1), S("d"), W(0x1ed), W(0));
        Walk(3, "d");
        Ask(14, W(3), S("new"), W(0x42), W(0x1a4), W(0));
        Assert.Equal(W(3), Ask(118, W(3), L(0), W(3), "abc"u8.ToArray()));
        Ask(50, W(3), W(0));
        Walk(4, "d");
        Ask(74, W(1), S("d"), W(1), S("e"));
        Assert.Equal("abc", File.ReadAllText(Path.Combine(Root, "e/new")));
        Ask(24, W(4), L(0x7ff));
        Fails(FileError.Exists, 72, W(1), S("e"), W(0x1ed), W(0));
        Ask(16, W(1), S("soft"), S("anything"), W(0));
        Walk(5, "soft");
        Assert.Equal(S("anything"), Ask(22, W(5)));
        Walk(6, "file");
        Ask(70, W(1), W(6), S("hard"));
        Ask(26, W(6), W(8), W(0), W(0), W(0), L(3), L(0), L(0), L(0), L(0));
        Assert.Equal("con", File.ReadAllText(Path.Combine(Root, "hard")));
        Ask(122, W(6));
        Assert.False(File.Exists(Path.Combine(Root, "file")));
        Fails(39, 76, W(1), S("e"), W(0x200));
        Ask(76, W(1), S("hard"), W(0));
        Fails(FileError.NotPermitted, 18, W(1), S("node"), W(0x21b6), W(1), W(3), W(0));
        Fails(FileError.NotSupported, 30, W(1), W(9), S("user.x"));
        Assert.Equal([0], Ask(52, W(3), [1], W(0), L(0), L(0), W(1), S("c")));
        Ask(8, W(1));
        Ask(108, [1, 0]);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Owners_modes_and_kinds_are_kept_in_attributes()
    {
        AttachMapped();
        Walk(2);
        Ask(14, W(2), S("program"), W(0x42), W(0x9ed), W(1001));
        Ask(118, W(2), L(0), W(3), "abc"u8.ToArray());
        Assert.Equal((0x89edu, 1000u, 1001u, 0ul), Attributes(2));
        Ask(72, W(1), S("d"), W(0x3ff), W(7));
        Walk(3, "d");
        Assert.Equal((0x43ffu, 1000u, 7u, 0ul), Attributes(3) with { Device = 0 });
        Ask(18, W(1), S("node"), W(0x61b0), W(8), W(0x123), W(6));
        Walk(4, "node");
        Assert.Equal((0x61b0u, 1000u, 6u, FileStatus.MakeDevice(8, 0x123)), Attributes(4));
        Fails(FileError.NotSupported, 12, W(4), W(0));
        Ask(26, W(2), W(7), W(0x180), W(5), W(4), L(0), L(0), L(0), L(0), L(0));
        Assert.Equal((0x8180u, 5u, 4u, 0ul), Attributes(2));

        // The host's files are of a plain kind, and nobody else's business.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Root, "node")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Root, "program")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Root, "d")));

        // Another session finds it again, and without the attributes it is the host's.
        AttachMapped(readOnly: true);
        Walk(2, "program");
        Assert.Equal((0x8180u, 5u, 4u, 0ul), Attributes(2));
        Fails(FileError.ReadOnly, 18, W(1), S("n"), W(0x21b6), W(1), W(3), W(0));
        Fails(FileError.ReadOnly, 26, W(2), W(1), W(0), W(0), W(0), L(0), L(0), L(0), L(0), L(0));
        Attach(readOnly: true);
        Walk(2, "program");
        Assert.Equal(0x8180u, Attributes(2).Mode);
        Assert.NotEqual(5u, Attributes(2).User);
    }

    [Fact]
    public void A_link_kept_in_a_file_leads_nowhere_on_the_host()
    {
        AttachMapped();
        string secret = Path.Combine(_outer, "secret");
        Ask(16, W(1), S("soft"), S(secret), W(0));
        Walk(2, "soft");
        Assert.Equal((0xa1ffu, 1000u), (Attributes(2).Mode, Attributes(2).User));
        Assert.Equal(S(secret), Ask(22, W(2)));
        Fails(FileError.IsLink, 12, W(2), W(0));
        Assert.Null(new FileInfo(Path.Combine(Root, "soft")).LinkTarget);
        Fails(FileError.Exists, 16, W(1), S("soft"), S("other"), W(0));

        // The host's own links are links as before: told, and not followed.
        Walk(3, "link");
        Assert.Equal(S(secret), Ask(22, W(3)));
        Fails(FileError.IsLink, 12, W(3), W(0));
        Fails(FileError.IsLink, 14, W(1), S("link"), W(0x41), W(0x1b6), W(0));
        Walk(4, "out");
        Assert.Equal(7, Send(18, W(4), S("n"), W(0x21b6), W(1), W(3), W(0)).Type);
        Assert.Equal(7, Send(16, W(4), S("n"), S("x"), W(0)).Type);
        foreach (string name in (string[])["..", ".", "../x", "a/b"])
        {
            Assert.Equal(7, Send(18, W(1), S(name), W(0x21b6), W(1), W(3), W(0)).Type);
            Assert.Equal(7, Send(16, W(1), S(name), S("x"), W(0)).Type);
        }

        Walk(5, "file");
        Fails(FileError.Invalid, 22, W(5));
        Assert.Equal(["root", "secret"], Directory.EnumerateFileSystemEntries(_outer).Select(Path.GetFileName).Order());
        Assert.Equal("secret", File.ReadAllText(secret));
    }

    [Fact]
    public void A_new_file_has_the_permissions_the_guest_gives_whatever_the_hosts_umask()
    {
        Walk(2);
        Ask(14, W(2), S("open"), W(0x41), W(0x1b6), W(0));
        Ask(72, W(1), S("shared"), W(0x1ff), W(0));
        Walk(3, "shared");
        Assert.Equal((0x81b6u, 0x41ffu), (Attributes(2).Mode, Attributes(3).Mode));
    }

    [Fact]
    public void A_folder_is_listed_in_pieces()
    {
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(Path.Combine(Root, $"entry{i}"), "");
        }

        Walk(2);
        Ask(12, W(2), W(0));
        HashSet<string> names = [];
        ulong next = 0;
        while (Ask(40, W(2), L(next), W(1000)) is { Length: > 4 } list)
        {
            for (int at = 4; at < list.Length;)
            {
                next = BinaryPrimitives.ReadUInt64LittleEndian(list.AsSpan(at + 13));
                int length = BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at + 22));
                Assert.True(names.Add(Encoding.Latin1.GetString(list, at + 24, length)));
                at += 24 + length;
            }
        }

        Assert.Equal(305, names.Count);
    }

    [Fact]
    public void A_read_only_folder_refuses_every_change()
    {
        Attach(readOnly: true);
        Walk(2, "file");
        Fails(FileError.ReadOnly, 12, W(2), W(1));
        Fails(FileError.ReadOnly, 12, W(2), W(0x200));
        Fails(FileError.ReadOnly, 14, W(1), S("n"), W(0x41), W(0x1b6), W(0));
        Fails(FileError.ReadOnly, 72, W(1), S("n"), W(0x1ff), W(0));
        Fails(FileError.ReadOnly, 16, W(1), S("n"), S("t"), W(0));
        Fails(FileError.ReadOnly, 76, W(1), S("file"), W(0));
        Fails(FileError.ReadOnly, 74, W(1), S("file"), W(1), S("n"));
        Fails(FileError.ReadOnly, 26, W(2), W(1), W(0), W(0), W(0), L(0), L(0), L(0), L(0), L(0));
    }

    [Fact]
    public void Places_and_open_files_are_bounded()
    {
        int opened = 0;
        for (uint fid = 10; fid < 10 + Virtio9pServer.MostOpenFiles + 10; fid++)
        {
            Walk(fid, "file");
            opened += Send(12, W(fid), W(0)).Type == 13 ? 1 : 0;
        }

        Assert.Equal(Virtio9pServer.MostOpenFiles, opened);
        for (uint fid = 1000; fid < 1000 + Virtio9pServer.MostFids; fid++)
        {
            Send(110, W(1), W(fid), [0, 0]);
        }

        Assert.Equal(Virtio9pServer.MostFids, _server.FidCount);
        Ask(100, W(8192), S("9P2000.L"));
        Assert.Equal(0, _server.FidCount);
    }

    [Fact]
    public void Random_requests_neither_throw_nor_leave_the_folder()
    {
        Random random = new(3);
        for (int i = 0; i < 30_000; i++)
        {
            byte[] body = new byte[random.Next(0, 60)];
            random.NextBytes(body);
            if (body.Length >= 4)
            {
                body.AsSpan(0, 4).Clear();
                body[0] = (byte)random.Next(4);
            }

            byte type = (byte)(random.Next(62) * 2);
            byte[] message = [.. W((uint)(7 + body.Length)), type is 76 or 122 or 74 or 20 ? (byte)24 : type, 1, 0, .. body];
            _server.Serve(message, _answer.AsSpan(0, random.Next(0, 200)));
        }

        Assert.Equal("secret", File.ReadAllText(Path.Combine(_outer, "secret")));
    }
}

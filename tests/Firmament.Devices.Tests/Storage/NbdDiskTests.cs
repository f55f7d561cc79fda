using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;

namespace Firmament.Devices.Tests.Storage;

public class NbdDiskTests
{
    [Fact]
    public void A_small_server_is_read_written_flushed_and_zeroed()
    {
        using NbdServer server = new(flags: 1 | 4 | 64);
        using (NbdDisk disk = NbdDisk.Open(server.Address, writable: true))
        {
            Assert.Equal(1 << 20, disk.Length);
            byte[] bytes = [.. Enumerable.Range(0, 5000).Select(static i => (byte)i)];
            Assert.True(disk.TryWrite(4096, bytes));
            byte[] back = new byte[5000];
            Assert.True(disk.TryRead(4096, back));
            Assert.Equal(bytes, back);
            Assert.True(disk.TryFlush());
            Assert.True(disk.TryZero(0, 512, deallocate: true));
            Assert.False(disk.TryRead((1 << 20) - 100, new byte[512]));
            Assert.False(disk.TryWrite(-1, new byte[1]));
        }

        server.Dispose();
        Assert.Equal([1, 0, 3, 6, 2], server.Commands);
    }

    [Fact]
    public void A_servers_error_fails_one_request_and_a_hang_up_fails_all_later_ones()
    {
        using NbdServer server = new(flags: 1) { ErrorAt = 512, HangUpAt = 1024 };
        using NbdDisk disk = NbdDisk.Open(server.Address, writable: true);
        Assert.False(disk.TryRead(512, new byte[512]));
        Assert.True(disk.TryRead(0, new byte[512]));
        Assert.False(disk.TryRead(1024, new byte[512]));
        Assert.False(disk.TryRead(0, new byte[512]));
        Assert.False(disk.TryFlush());
    }

    [Fact]
    public void A_read_only_export_is_opened_for_reading_only()
    {
        using NbdServer server = new(flags: 3);
        Assert.Contains("read-only", Assert.Throws<BackendException>(() => NbdDisk.Open(server.Address, writable: true)).Message, StringComparison.Ordinal);
        using NbdDisk disk = NbdDisk.Open(server.Address, writable: false);
        Assert.True(disk.IsReadOnly);
        Assert.False(disk.TryWrite(0, new byte[512]));
        Assert.False(disk.TryZero(0, 512, deallocate: false));
    }

    [Fact]
    public void Nobody_and_a_server_of_something_else_are_told_apart()
    {
        Assert.Contains("start it first", Assert.Throws<BackendException>(() => NbdDisk.Open(new(new UnixDomainSocketEndPoint("/nonexistent/nbd"), ""), false)).Message, StringComparison.Ordinal);
        using NbdServer server = new(flags: 1) { Greeting = new byte[18] };
        Assert.Contains("does not speak", Assert.Throws<BackendException>(() => NbdDisk.Open(server.Address, false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nbd:unix:/tmp/s", "/tmp/s", "")]
    [InlineData("nbd:unix:/tmp/s:exportname=a:b", "/tmp/s", "a:b")]
    [InlineData("nbd:127.0.0.1:10809:exportname=x", "127.0.0.1:10809", "x")]
    [InlineData("nbd://127.0.0.1/disk%201", "127.0.0.1:10809", "disk 1")]
    [InlineData("nbd://[::1]:5000/", "[::1]:5000", "")]
    [InlineData("nbd+unix:///e?socket=/tmp/s", "/tmp/s", "e")]
    public void Addresses_have_five_spellings(string text, string server, string export)
    {
        Assert.True(NbdAddress.IsNbd(text));
        NbdAddress address = NbdAddress.Parse(text);
        Assert.Equal(server, address.EndPoint.ToString());
        Assert.Equal(export, address.Export);
    }

    [Theory]
    [InlineData("nbd:")]
    [InlineData("nbd:host")]
    [InlineData("nbd://host:0/")]
    [InlineData("nbds://host/")]
    [InlineData("nbd+unix:///e")]
    public void A_malformed_address_is_refused(string text) => Assert.Throws<BackendException>(() => NbdAddress.Parse(text));

    [Fact]
    public void A_real_server_serves_its_image()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-nbd"), "qemu-nbd is not installed (package qemu-utils)");
        string folder = Directory.CreateTempSubdirectory("firmament").FullName;
        string image = Path.Combine(folder, "image");
        string socket = Path.Combine(folder, "s");
        byte[] content = [.. Enumerable.Range(0, 1 << 20).Select(static i => (byte)(i * 13 >> 3))];
        File.WriteAllBytes(image, content);
        using Process server = Process.Start("/usr/bin/qemu-nbd", ["-f", "raw", "-k", socket, "-x", "disk", "-t", image]);
        try
        {
            for (int i = 0; i < 100 && !File.Exists(socket); i++)
            {
                Thread.Sleep(50);
            }

            Assert.Throws<BackendException>(() => DiskImage.Open($"nbd:unix:{socket}:exportname=other", DiskAccess.ReadOnly));
            using (IBlockBackend disk = DiskImage.Open($"nbd:unix:{socket}:exportname=disk", DiskAccess.ReadWrite))
            {
                byte[] back = new byte[content.Length];
                Assert.True(disk.TryRead(0, back));
                Assert.Equal(content, back);
                Assert.True(disk.TryWrite(512, new byte[1024]));
                Assert.True(disk.TryFlush());
            }

            Assert.Equal(new byte[1024], File.ReadAllBytes(image)[512..1536]);
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One connection's worth of NBD server: 1 MiB, no GO option.</summary>
    private sealed class NbdServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ushort _flags;
        private readonly byte[] _disk = new byte[1 << 20];
        private readonly Thread _thread;

        public NbdServer(ushort flags)
        {
            _flags = flags;
            _listener.Start();
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public NbdAddress Address => new((IPEndPoint)_listener.LocalEndpoint, "");

        /// <summary>What was asked, in order. Complete once the server is disposed.</summary>
        public List<int> Commands { get; } = [];

        public long ErrorAt { get; init; } = -1;

        public long HangUpAt { get; init; } = -1;

        public byte[] Greeting { get; init; } = [.. "NBDMAGICIHAVEOPT"u8, 0, 3];

        public void Dispose()
        {
            _listener.Stop();
            _thread.Join();
        }

        private void Run()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = _listener.AcceptTcpClient();
                    using NetworkStream stream = client.GetStream();
                    try
                    {
                        Serve(stream);
                    }
                    catch (Exception e) when (e is IOException or EndOfStreamException)
                    {
                        // The client left.
                    }
                }
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                // Stopped.
            }
        }

        private void Serve(NetworkStream stream)
        {
            stream.Write(Greeting);
            stream.ReadExactly(new byte[4]);
            byte[] head = new byte[16];
            while (true)
            {
                stream.ReadExactly(head);
                uint option = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8));
                stream.ReadExactly(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(12))]);
                if (option == 1)
                {
                    break;
                }

                byte[] no = new byte[20];
                BinaryPrimitives.WriteUInt64BigEndian(no, 0x0003e889045565a9);
                BinaryPrimitives.WriteUInt32BigEndian(no.AsSpan(8), option);
                BinaryPrimitives.WriteUInt32BigEndian(no.AsSpan(12), 0x80000001);
                stream.Write(no);
            }

            byte[] export = new byte[10];
            BinaryPrimitives.WriteInt64BigEndian(export, _disk.Length);
            BinaryPrimitives.WriteUInt16BigEndian(export.AsSpan(8), _flags);
            stream.Write(export);
            byte[] request = new byte[28];
            while (true)
            {
                stream.ReadExactly(request);
                int command = request[7];
                int at = (int)BinaryPrimitives.ReadInt64BigEndian(request.AsSpan(16));
                int length = BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(24));
                Commands.Add(command);
                if (command == 2 || at == HangUpAt)
                {
                    return;
                }

                if (command == 1)
                {
                    stream.ReadExactly(_disk.AsSpan(at, length));
                }

                byte[] reply = new byte[16];
                BinaryPrimitives.WriteUInt32BigEndian(reply, 0x67446698);
                reply[7] = at == ErrorAt ? (byte)5 : (byte)0;
                request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
                stream.Write(reply);
                if (command == 0 && at != ErrorAt)
                {
                    stream.Write(_disk.AsSpan(at, length));
                }
            }
        }
    }
}

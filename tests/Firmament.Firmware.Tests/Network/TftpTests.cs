using System.Text;
using Firmament.Core.Internet;
using Firmament.Core.Time;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Network;

namespace Firmament.Firmware.Tests.Network;

public sealed class TftpTests : IDisposable
{
    private const string Static = @"10.0.2.2,boot\grub.elf,10.0.2.15";

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1427)]
    [InlineData(1428)]
    [InlineData(1429)]
    [InlineData(14280)]
    public void Files_of_every_length_arrive_whole(int length)
    {
        _lab.Server.Files["boot/grub.elf"] = NetworkLab.Content(length);
        BootProgram program = _lab.AssertBoots(Static);
        Assert.Equal(length, program.Length);
    }

    [Fact]
    public void The_request_names_its_options()
    {
        _lab.AssertBoots(Static + ",,,,,1000");
        Assert.Equal(2, _lab.Server.TftpRequests.Count);
        Assert.Equal("\0\x01" + "boot/grub.elf\0octet\0blksize\0" + "1000\0tsize\0" + "0\0timeout\0" + "1\0", Encoding.Latin1.GetString(_lab.Server.TftpRequests[1]));
    }

    [Fact]
    public void A_server_without_options_sends_blocks_of_512()
    {
        _lab.Server.HasOptions = false;
        BootProgram program = _lab.AssertBoots(Static);
        Assert.Equal(-1, program.Length);
        Assert.Equal(1 + 10, _lab.Server.DataSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Block_numbers_wrap(ushort after)
    {
        _lab.Server.WrapsTo = after;
        _lab.Server.Files["boot/grub.elf"] = NetworkLab.Content((8 * 70000) + 3);
        _lab.AssertBoots(Static + ",,,,,8");
        Assert.Equal(70001, _lab.Server.DataSent);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_bad_wire_delays_and_damages_nothing(uint seed, bool isApprentice)
    {
        uint Next(uint below)
        {
            seed = (seed * 1664525) + 1013904223;
            return (seed >> 8) % below;
        }

        _lab.Server.IsApprentice = isApprentice;
        _lab.Server.Files["boot/grub.elf"] = NetworkLab.Content(100_000);
        _lab.Server.Loses = _ => Next(10) == 0;
        _lab.Server.Wire = _ => Next(10) switch
        {
            0 => [],
            1 => [VirtualTime.FromMicroseconds(Next(900)), VirtualTime.FromMilliseconds(Next(900))],
            2 => [VirtualTime.FromMilliseconds(Next(2000))],
            _ => [VirtualTime.FromMicroseconds(Next(900))],
        };
        _lab.AssertBoots(",,,,20,20");
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(600));
    }

    [Fact]
    public void The_apprentice_is_not_encouraged()
    {
        _lab.Server.IsApprentice = true;
        _lab.Server.Files["boot/grub.elf"] = NetworkLab.Content(1428 * 50);

        // One block comes twice early on. Were both copies acknowledged, every later block would come twice.
        int frames = 0;
        _lab.Server.Wire = _ => ++frames == 10 ? [default, VirtualTime.FromMicroseconds(10)] : [VirtualTime.FromMicroseconds(20)];
        _lab.AssertBoots(Static);
        Assert.Equal(51, _lab.Server.DataSent);
    }

    [Fact]
    public void A_lost_acknowledgement_is_sent_again()
    {
        int acknowledgements = 0;
        _lab.Server.Loses = frame => frame.Length == 60 && frame[43] == 4 && ++acknowledgements == 3;
        _lab.AssertBoots(Static);
        Assert.InRange(_lab.Bench.Platform.Now.Nanoseconds, 1_000_000_000, 3_000_000_000);
    }

    [Fact]
    public void Another_port_of_the_server_is_told_off_and_not_listened_to()
    {
        _lab.Server.Wire = frame =>
        {
            if (frame.Length > 1000)
            {
                byte[] data = [0, 3, frame[44], frame[45], .. new byte[1428]];
                _lab.Card.Deliver(_lab.Server.Frame(999, (ushort)((frame[36] << 8) | frame[37]), data));
            }

            return [default];
        };
        _lab.AssertBoots(Static);
        Assert.Contains(_lab.Server.Errors, static error => error.Port == 999);
        Assert.All(_lab.Server.Errors.Where(static error => error.Port == 999), static error => Assert.Equal(5, error.Message[3]));
    }

    [Fact]
    public void Another_host_is_not_listened_to()
    {
        _lab.Server.Wire = frame =>
        {
            if (frame.Length > 1000)
            {
                byte[] data = [0, 3, frame[44], frame[45], .. new byte[1428]];
                _lab.Card.Deliver(_lab.Server.Frame((ushort)((frame[34] << 8) | frame[35]), (ushort)((frame[36] << 8) | frame[37]), data, from: 0x0a000203));
            }

            return [default];
        };
        _lab.AssertBoots(Static);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Null(_lab.Find(@"10.0.2.2,boot\yaboot,10.0.2.15"));
        Assert.Equal("TFTP: boot/yaboot from 10.0.2.2: no such file\r\n", _lab.Output);
    }

    [Fact]
    public void Messages_of_servers_cannot_drive_the_terminal()
    {
        _lab.Server.Acceptance = [0, 5, 0, 0, 27, .. "[2J"u8];
        Assert.Null(_lab.Find(Static));
        Assert.Equal("TFTP: boot/grub.elf from 10.0.2.2: ?[2J\r\n", _lab.Output);
    }

    [Fact]
    public void A_server_that_refuses_options_is_asked_without()
    {
        _lab.Server.Acceptance = [0, 5, 0, 8, .. "options?"u8, 0];
        _lab.AssertBoots(Static);
        Assert.DoesNotContain("blksize", Encoding.Latin1.GetString(_lab.Server.TftpRequests[^1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blksize\09999\0")]
    [InlineData("blksize\07\0")]
    [InlineData("blksize\0x\0")]
    [InlineData("windowsize\04\0")]
    [InlineData("tsize\0-1\0")]
    [InlineData("tsize\0")]
    [InlineData("tsize")]
    public void Options_that_were_not_asked_for_end_the_transfer(string options)
    {
        _lab.Server.Acceptance = [0, 6, .. Encoding.ASCII.GetBytes(options)];
        Assert.Null(_lab.Find(Static));
        Assert.Equal(8, Assert.Single(_lab.Server.Errors).Message[3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_larger_than_its_room_is_not_read(bool hasOptions)
    {
        _lab.Server.HasOptions = hasOptions;
        BootProgram program = _lab.Find(Static)!;
        Assert.Equal(-1, _lab.Load(program, 4999));
        Assert.Equal(0, _lab.Bench.Bytes(NetworkLab.LoadAddress + 4999, 1)[0]);
        Assert.Equal(5000, _lab.Load(program, 5000));
    }

    [Theory]
    [InlineData(0x00ffff00u)]
    [InlineData(0xfffffff0u)]
    public void Memory_that_is_not_there_takes_no_file(uint address)
    {
        BootProgram program = _lab.Find(Static)!;
        Assert.Equal(-1, program.Load(_lab.Bench.Firmware.Physical, address, long.MaxValue));
        _lab.Server.HasOptions = false;
        Assert.Equal(-1, program.Load(_lab.Bench.Firmware.Physical, address, long.MaxValue));
    }

    [Fact]
    public void A_server_that_dies_is_given_up()
    {
        BootProgram program = _lab.Find(Static)!;
        _lab.Server.DiesAfter = 2;
        VirtualTime start = _lab.Bench.Platform.Now;
        Assert.Equal(-1, _lab.Load(program));
        Assert.EndsWith("no answer\r\n", _lab.Output, StringComparison.Ordinal);
        Assert.InRange((_lab.Bench.Platform.Now - start).Nanoseconds, 20_000_000_000, 120_000_000_000);
    }

    [Fact]
    public void A_host_that_is_not_there_is_given_up()
    {
        Assert.Null(_lab.Find("10.0.2.9,file,10.0.2.15"));
        Assert.Equal("TFTP: file from 10.0.2.9: no answer\r\n", _lab.Output);
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(120));
    }

    [Fact]
    public void A_host_without_a_server_is_given_up_at_once()
    {
        _lab.Card.Peer += frame =>
        {
            if (frame[12] == 8 && frame[13] == 0 && frame[23] == Ipv4Packet.Udp)
            {
                byte[] message = [3, 3, 0, 0, 0, 0, 0, 0, .. frame.AsSpan(14, 28)];
                ushort sum = InternetChecksum.Of(message);
                message[2] = (byte)(sum >> 8);
                message[3] = (byte)sum;
                byte[] answer = EthernetFrame.Create(StationAddress.From(FakeCard.Station), _lab.Server.Station, EthernetFrame.Ipv4, 20 + message.Length);
                Ipv4Packet.WriteHeader(answer.AsSpan(14), FakeServer.Address, FakeServer.ClientAddress, Ipv4Packet.Icmp, 1, message.Length);
                message.CopyTo(answer, 34);
                _lab.Card.Deliver(answer);
            }
        };
        _lab.Server.Loses = static frame => frame[12] == 8 && frame[13] == 0;
        Assert.Null(_lab.Find(Static));
        Assert.Contains("no TFTP server there", _lab.Output, StringComparison.Ordinal);
        Assert.True(_lab.Bench.Platform.Now < VirtualTime.FromSeconds(1));
    }

    [Fact]
    public void Fragments_are_put_together()
    {
        _lab.Server.Wire = frame =>
        {
            if (frame.Length < 1000)
            {
                return [default];
            }

            ReadOnlySpan<byte> payload = frame.AsSpan(34);
            foreach (int start in (int[])[800, 0, 400])
            {
                ReadOnlySpan<byte> part = payload.Slice(start, Math.Min(400 + (start == 800 ? 4000 : 0), payload.Length - start));
                byte[] fragment = [.. frame.AsSpan(0, 34), .. part];
                Ipv4Packet.WriteHeader(
                    fragment.AsSpan(14), FakeServer.Address, FakeServer.ClientAddress, Ipv4Packet.Udp, frame[45], part.Length, start, more: start + part.Length < payload.Length);
                _lab.Card.Deliver(fragment);
            }

            return [];
        };
        _lab.AssertBoots(Static);
    }

    [Fact]
    public void A_stop_of_the_run_ends_a_transfer()
    {
        BootProgram program = _lab.Find(Static)!;
        _lab.Server.DiesAfter = 2;
        _lab.Card.StopsAt = _lab.Bench.Platform.Now + VirtualTime.FromMilliseconds(100);
        Assert.Equal(-1, _lab.Load(program));
        Assert.EndsWith("interrupted\r\n", _lab.Output, StringComparison.Ordinal);
        Assert.Equal(1, _lab.Card.Starts);
    }

    [Fact]
    public void A_server_beyond_the_gateway_is_reached_through_it()
    {
        Assert.Null(_lab.Find("192.168.7.7,file,10.0.2.15,10.0.2.2,,,255.255.255.0"));
        byte[] request = _lab.Card.Sent.First(static frame => frame[12] == 8 && frame[13] == 0);
        Assert.Equal(_lab.Server.Station, StationAddress.From(request));
        Assert.Equal([192, 168, 7, 7], request[30..34]);
    }
}

using Firmament.Core.Replay;

namespace Firmament.Core.Tests.Replay;

public sealed class InputJournalTests
{
    private readonly InputJournal _journal = new();
    private readonly List<string> _delivered = [];

    [Fact]
    public void Nothing_is_delivered_before_the_machine_drains()
    {
        InputChannel keys = Channel("keys");
        keys.Post([1]);
        Assert.Empty(_delivered);
        Assert.True(_journal.HasPending);
        Assert.Equal(1, _journal.Drain());
        Assert.False(_journal.HasPending);
        Assert.Equal(["keys 01"], _delivered);
    }

    [Fact]
    public void Payloads_of_all_channels_arrive_in_the_order_they_were_posted()
    {
        InputChannel keys = Channel("keys");
        InputChannel packets = Channel("packets");
        keys.Post([1]);
        packets.Post([2, 3]);
        keys.Post([4]);
        Assert.Equal(3, _journal.Drain());
        Assert.Equal(["keys 01", "packets 0203", "keys 04"], _delivered);
        Assert.Equal(0, _journal.Drain());
    }

    [Fact]
    public void Each_post_wakes_the_machine()
    {
        int woken = 0;
        _journal.Posted = () =>
        {
            Assert.True(_journal.HasPending);
            woken++;
        };
        InputChannel keys = Channel("keys");
        keys.Post([1]);
        keys.Post([2]);
        Assert.Equal(2, woken);
    }

    [Fact]
    public void What_a_delivery_posts_is_delivered_by_the_same_drain()
    {
        InputChannel echo = Channel("echo");
        InputChannel keys = _journal.CreateChannel("keys", echo.Post);
        keys.Post([7]);
        Assert.Equal(2, _journal.Drain());
        Assert.Equal(["echo 07"], _delivered);
    }

    [Fact]
    public void Posts_of_several_threads_all_arrive_each_thread_in_its_order()
    {
        const int Count = 1000;
        List<byte[]> received = [];
        InputChannel channel = _journal.CreateChannel("in", received.Add);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(id => new Thread(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                channel.Post([(byte)id, (byte)i]);
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(4 * Count, _journal.Drain());
        for (int id = 0; id < 4; id++)
        {
            Assert.Equal(Enumerable.Range(0, Count).Select(static i => (byte)i), received.Where(p => p[0] == id).Select(static p => p[1]));
        }
    }

    private InputChannel Channel(string name) =>
        _journal.CreateChannel(name, bytes => _delivered.Add($"{name} {Convert.ToHexStringLower(bytes)}"));
}

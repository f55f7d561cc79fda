using Firmament.Core.Time;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Scsi;

namespace Firmament.Firmware.Tests.Drivers;

/// <summary>What the SCSI command layer does with units that are not simply there and ready.</summary>
public sealed class ScsiBlockDriverTests : IDisposable
{
    private static readonly ScsiOutcome ResetOccurred = new(ScsiOutcome.CheckCondition, 6, 0x29);
    private static readonly ScsiOutcome MediumChanged = new(ScsiOutcome.CheckCondition, 6, 0x28);
    private static readonly ScsiOutcome BecomingReady = new(ScsiOutcome.CheckCondition, 2, 4, 1);
    private static readonly ScsiOutcome NoMedium = new(ScsiOutcome.CheckCondition, 2, 0x3a);
    private static readonly ScsiOutcome MediumError = new(ScsiOutcome.CheckCondition, 3, 0x11);

    private readonly FakePlatform _platform = new();
    private readonly MemoryAllocator _memory;
    private readonly FakeScsiAdapter _adapter;
    private readonly ScsiBlockDriver _driver;

    public ScsiBlockDriverTests()
    {
        _memory = new MemoryAllocator(_platform.Ram.Size);
        _adapter = new FakeScsiAdapter(_platform.Ram);
        _driver = new ScsiBlockDriver(new DriverHost(_platform, _memory), _adapter, 0);
    }

    public void Dispose() => _platform.Dispose();

    [Fact]
    public void A_large_disk_is_measured_and_read_by_long_commands()
    {
        Assert.True(_driver.TryStart());
        Assert.Equal((4096, FakeScsiAdapter.Blocks, false), (_driver.BlockSize, _driver.BlockCount, _driver.IsReadOnly));

        Assert.True(_driver.TryRead(2, 3, 0x1000));
        Assert.Equal("28000000000200000300", _adapter.Commands[^1]);
        Assert.True(_driver.TryRead(1ul << 32, 1, 0x1000));
        Assert.Equal("88000000000100000000000000010000", _adapter.Commands[^1]);
        Assert.True(_driver.TryWrite(2, 3, 0x1000));
        Assert.Equal(["2a000000000200000300", "35000000000000000000"], _adapter.Commands[^2..]);
    }

    [Fact]
    public void What_happened_to_a_unit_is_heard_before_it_is_used()
    {
        _adapter.Answers.Enqueue(ResetOccurred);
        _adapter.Answers.Enqueue(MediumChanged);
        Assert.True(_driver.TryStart());
        _adapter.Answers.Enqueue(MediumChanged);
        Assert.True(_driver.TryRead(0, 1, 0x1000));
    }

    [Fact]
    public void A_unit_that_becomes_ready_is_waited_for()
    {
        _adapter.Answers.Enqueue(BecomingReady);
        _adapter.Answers.Enqueue(BecomingReady);

        Assert.True(_driver.TryStart());
        Assert.True(_platform.Now > VirtualTime.Zero);
    }

    [Fact]
    public void A_unit_that_never_becomes_ready_is_given_up()
    {
        for (int i = 0; i < 1000; i++)
        {
            _adapter.Answers.Enqueue(BecomingReady);
        }

        Fails();
        Assert.True(_platform.Now < VirtualTime.FromSeconds(10));
    }

    [Fact]
    public void A_drive_without_a_medium_does_not_start()
    {
        _adapter.Answers.Enqueue(NoMedium);
        Fails();
        Assert.Equal(VirtualTime.Zero, _platform.Now);
    }

    [Fact]
    public void A_unit_that_does_not_answer_does_not_start()
    {
        _adapter.IsDead = true;
        Fails();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0x7f)]
    public void What_is_no_disk_does_not_start(byte type)
    {
        _adapter.PeripheralType = type;
        Fails();
    }

    [Fact]
    public void An_error_of_the_medium_fails_and_is_not_tried_again()
    {
        Assert.True(_driver.TryStart());
        int commands = _adapter.Commands.Count;
        _adapter.Answers.Enqueue(MediumError);

        Assert.False(_driver.TryRead(0, 1, 0x1000));
        Assert.Equal(commands + 1, _adapter.Commands.Count);
        Assert.Contains(_platform.Events, static e => e.Fields.Any(static field => field.Value.Contains("3/11/00", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_protected_disk_is_not_written()
    {
        _adapter.IsWriteProtected = true;
        Assert.True(_driver.TryStart());
        int commands = _adapter.Commands.Count;

        Assert.True(_driver.IsReadOnly);
        Assert.False(_driver.TryWrite(0, 1, 0x1000));
        Assert.Equal(commands, _adapter.Commands.Count);
    }

    [Fact]
    public void A_stopped_driver_leaves_unit_adapter_and_memory_as_they_were()
    {
        Assert.True(_driver.TryStart());
        Assert.NotEqual([new(0, _platform.Ram.Size)], _memory.Free);

        _driver.Stop();

        Assert.Equal("reset", _adapter.Commands[^1]);
        AtRest();
    }

    [Fact]
    public void A_machine_without_free_memory_starts_no_driver()
    {
        Assert.True(_memory.TryClaim(0, _platform.Ram.Size));
        Assert.False(_driver.TryStart());
        Assert.Equal(0, _adapter.Starts);
    }

    private void Fails()
    {
        Assert.False(_driver.TryStart());
        Assert.Contains(_platform.Events, static e => e.Fields.Any(static field => field.Key == "problem"));
        AtRest();
    }

    private void AtRest()
    {
        Assert.Equal(0, _adapter.Starts);
        Assert.Equal([new(0, _platform.Ram.Size)], _memory.Free);
    }
}

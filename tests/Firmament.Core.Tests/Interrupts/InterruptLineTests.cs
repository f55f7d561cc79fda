using Firmament.Core.Interrupts;

namespace Firmament.Core.Tests.Interrupts;

public sealed class InterruptLineTests
{
    [Fact]
    public void Only_changes_are_told()
    {
        List<bool> levels = [];
        InterruptLine line = new("irq", levels.Add);
        line.Lower();
        line.Raise();
        line.Set(true);
        line.Set(false);
        line.Raise();
        Assert.Equal([true, false, true], levels);
        Assert.True(line.Level);
    }

    [Fact]
    public void The_new_level_stands_when_the_change_is_told()
    {
        InterruptLine? line = null;
        bool seen = false;
        line = new InterruptLine("irq", _ => seen = line!.Level);
        line.Raise();
        Assert.True(seen);
    }

    [Fact]
    public void Restoring_tells_nobody()
    {
        List<bool> levels = [];
        InterruptLine line = new("irq", levels.Add);
        line.Restore(true);
        Assert.True(line.Level);
        line.Raise();
        Assert.Empty(levels);
        line.Lower();
        Assert.Equal([false], levels);
    }

    [Fact]
    public void Unconnected_lines_are_not_shared()
    {
        InterruptLine.Unconnected.Raise();
        Assert.False(InterruptLine.Unconnected.Level);
    }
}

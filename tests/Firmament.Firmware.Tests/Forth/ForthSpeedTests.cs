using System.Diagnostics;

namespace Firmament.Firmware.Tests.Forth;

public sealed class ForthSpeedTests
{
    [Fact]
    public void Twenty_million_steps_take_seconds_at_most()
    {
        using ForthBench forth = new();
        forth.Run(": spin ( n -- sum ) 0 swap 0 do i dup 1+ swap 0= if drop else + then loop ; 1000 spin drop");
        Stopwatch watch = Stopwatch.StartNew();
        forth.Run("decimal 2000000 spin");
        // 70 ms on a machine of 2026 that has nothing else to do; one that runs other tests gets time.
        Assert.InRange(watch.ElapsedMilliseconds, 0, 10_000);
    }
}

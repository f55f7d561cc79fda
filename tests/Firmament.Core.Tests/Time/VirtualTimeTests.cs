using CsCheck;
using Firmament.Core.Time;

namespace Firmament.Core.Tests.Time;

public sealed class VirtualTimeTests
{
    private static readonly ulong[] RealFrequencies = [1, 32_768, 1_193_182, 33_333_333, 1_000_000_000];

    private static readonly Gen<ulong> Frequency =
        Gen.OneOf(Gen.ULong[1, 4_000_000_000], Gen.Int[0, RealFrequencies.Length - 1].Select(static i => RealFrequencies[i]));

    [Fact]
    public void A_number_of_ticks_is_reached_at_its_time_and_not_a_nanosecond_before() =>
        Gen.Select(Gen.ULong[1, 1UL << 40], Frequency).Sample((ticks, frequency) =>
        {
            VirtualTime time = VirtualTime.FromTicks(ticks, frequency);
            return time == VirtualTime.Never
                || (time.ToTicks(frequency) >= ticks && new VirtualTime(time.Nanoseconds - 1).ToTicks(frequency) < ticks);
        });

    [Fact]
    public void The_ticks_of_a_time_began_at_or_before_it() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 4], Frequency).Sample((nanoseconds, frequency) =>
        {
            ulong ticks = new VirtualTime(nanoseconds).ToTicks(frequency);
            return VirtualTime.FromTicks(ticks, frequency).Nanoseconds <= nanoseconds
                && (VirtualTime.FromTicks(ticks + 1, frequency).Nanoseconds > nanoseconds);
        });

    [Fact]
    public void Both_agree_with_exact_arithmetic() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.ULong, Frequency).Sample((nanoseconds, ticks, frequency) =>
        {
            UInt128 exactTicks = (UInt128)(ulong)nanoseconds * frequency / 1_000_000_000;
            UInt128 exactTime = (((UInt128)ticks * 1_000_000_000) + frequency - 1) / frequency;
            VirtualTime time = VirtualTime.FromTicks(ticks, frequency);
            // In the last seconds before the end of time it may already say never.
            return (ulong)exactTicks == new VirtualTime(nanoseconds).ToTicks(frequency)
                && (time == VirtualTime.Never ? exactTime > long.MaxValue - 3_000_000_000L : (UInt128)(ulong)time.Nanoseconds == exactTime);
        });

    [Fact]
    public void Ticks_that_never_come_are_never() =>
        Assert.Equal(VirtualTime.Never, VirtualTime.FromTicks(ulong.MaxValue, 1));

    [Fact]
    public void Spans_have_their_unit()
    {
        Assert.Equal(3_000, VirtualTime.FromMicroseconds(3).Nanoseconds);
        Assert.Equal(3_000_000, VirtualTime.FromMilliseconds(3).Nanoseconds);
        Assert.Equal(3_000_000_000, VirtualTime.FromSeconds(3).Nanoseconds);
        Assert.Equal("3.000000042s", (VirtualTime.FromSeconds(3) + new VirtualTime(42)).ToString());
        Assert.True(VirtualTime.Zero < VirtualTime.FromMicroseconds(1) && VirtualTime.FromSeconds(1) > VirtualTime.FromMilliseconds(999));
        Assert.Equal(new VirtualTime(5), new VirtualTime(8).Subtract(new VirtualTime(3)));
    }
}

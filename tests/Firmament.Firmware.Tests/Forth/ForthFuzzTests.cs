using System.Text;
using CsCheck;
using Firmament.Core.State;
using Firmament.Firmware.Forth.Prompt;

namespace Firmament.Firmware.Tests.Forth;

/// <summary>Whatever is interpreted: no exception, bounded time, and the next text works.</summary>
public sealed class ForthFuzzTests
{
    private static readonly string[] Words = AllWords();

    private static readonly string[] Others =
        ["0", "1", "-1", "4", "10", "100", "200000", "7fffffff", "80000000", "f0000000", "pad", "here", ": f", ";", "f", "['] f", "' f", "x", "value x", "to x", "variable v", "v", "\" /pci\"", "\" /chosen\"", "\" open\"", "\" dup\"", "/pci", "/chosen"];

    [Fact]
    public void Random_programs_do_no_harm() => Gen.Int[0, Words.Length - 1].Array[1, 30]
        .Select(Gen.Int[0, Others.Length - 1].Array[0, 30], static (words, others) => Mix(words, others))
        .Sample(
            static text =>
            {
                using ForthBench forth = new(ramSize: 4 << 20, steps: 20_000);
                _ = forth.Try(text);
                _ = forth.Try("0 1 2 3 4 5 " + text);
                _ = forth.Try("clear [ decimal device-end only forth definitions 1 2 +", out _);
                Hash(forth);
            },
            iter: 400, threads: 1);

    [Fact]
    public void Random_fcode_does_no_harm() => Gen.Byte.Array[0, 200].Sample(
        static body =>
        {
            using ForthBench forth = new(ramSize: 4 << 20, steps: 20_000);
            forth.Of.Write(Bench.Scratch, FCodeTests.Program([.. body, 0]));
            _ = forth.Try($"dev /pci 1 2 3 {Bench.Scratch:x} 1 byte-load");
            _ = forth.Try($"{Bench.Scratch:x} 1 byte-load");
            Hash(forth);
        },
        iter: 500, threads: 1);

    [Fact]
    public void Random_typing_does_no_harm() => Gen.Byte.Array[0, 300].Sample(
        static bytes =>
        {
            using ForthBench forth = new(ramSize: 4 << 20);
            UserInterface prompt = new(forth.Firmware, forth.Of.Platform);
            forth.Of.Platform.Type(Encoding.Latin1.GetString(bytes) + "\u0003\r");
            for (int i = 0; i < 200 && prompt.Step(1000) == UserInterfaceState.Running; i++)
            {
            }
        },
        iter: 200, threads: 1);

    private static string Mix(int[] words, int[] others)
    {
        StringBuilder text = new();
        for (int i = 0; i < Math.Max(words.Length, others.Length); i++)
        {
            text.Append(i < others.Length ? Others[others[i]] + " " : "").Append(i < words.Length ? Words[words[i]] + " " : "");
        }

        return text.ToString();
    }

    private static string[] AllWords()
    {
        using ForthBench forth = new();
        return forth.Print("words").Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Hash(ForthBench forth)
    {
        HashVisitor hash = new();
        hash.Component("firmware", forth.Firmware);
        Assert.Equal(32, hash.Result.Length);
    }
}

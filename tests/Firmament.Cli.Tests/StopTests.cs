using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipes;
using Firmament.Cli.Terminal;

namespace Firmament.Cli.Tests;

/// <summary>The program ends when it is told to, whatever the guest does. Told at the end of a clean run only: the sentence on standard error.</summary>
public sealed class StopTests : IDisposable
{
    // Prints a character first: lis r5,0xfe00; li r6,'x'; stb r6,0x2f8(r5).
    private static readonly uint[] First = [0x3ca0_fe00, 0x38c0_0078, 0x98c5_02f8];

    // b .
    private static readonly uint[] Spin = [.. First, 0x4800_0000];

    // HID0[DOZE], then MSR[POW] for ever: lis r3,0x80; mtspr 1008,r3; mfmsr r4; oris r4,r4,4; mtmsr r4; isync; b -8.
    private static readonly uint[] Doze = [.. First, 0x3c60_0080, 0x7c70_fba6, 0x7c80_00a6, 0x6484_0004, 0x7c80_0124, 0x4c00_012c, 0x4bff_fff8];

    // Prints for ever: b -4.
    private static readonly uint[] Print = [.. First, 0x4bff_fffc];

    private readonly string _kernel = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kernel);

    public static TheoryData<string, int, string> Ends => new()
    {
        { "spin", 15, "terminating on signal 15" },
        { "spin", 2, "terminating on signal 2" },
        { "doze", 15, "terminating on signal 15" },
        { "print", 15, "terminating on signal 15" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_signal_ends_the_run_with_0(string guest, int signal, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are tried on Linux only.");
        using Process process = Start(guest);
        WaitUntilItRuns(process, guest);
        Assert.Equal(0, Libc.Kill(process.Id, signal));
        Assert.Contains(sentence, process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("spin")]
    [InlineData("doze")]
    [InlineData("print")]
    public void The_time_limit_ends_the_run_with_124(string guest)
    {
        using Process process = Start(guest, "--timeout", "1");
        Assert.Contains("--timeout 1", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(124, process.ExitCode);
    }

    [Theory]
    [InlineData("spin")]
    [InlineData("print")]
    public void Ctrl_A_x_ends_the_run_with_0(string guest)
    {
        using Process process = Start(guest);
        WaitUntilItRuns(process, guest);
        process.StandardInput.Write("\u0001x");
        process.StandardInput.Flush();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("signal", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_pipe_holds_a_writer_until_it_is_hurried()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        DescriptorWriter writer = new((int)pipe.SafePipeHandle.DangerousGetHandle());
        Thread thread = new(() => writer.Write(new byte[1 << 20])) { IsBackground = true };
        thread.Start();
        Assert.False(thread.Join(200));
        writer.Hurry(TimeSpan.FromMilliseconds(1));
        thread.Join();
        writer.Write(new byte[10]);
    }

    [Fact]
    public void All_bytes_arrive_in_order_at_a_slow_reader_and_a_lost_one_is_no_error()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        DescriptorWriter writer = new((int)pipe.SafePipeHandle.DangerousGetHandle());
        byte[] bytes = [.. Enumerable.Range(0, 300_001).Select(static i => (byte)(i * 7))];
        byte[] received = new byte[bytes.Length];
        Thread thread = new(() => writer.Write(bytes)) { IsBackground = true };
        using (AnonymousPipeClientStream reader = new(PipeDirection.In, pipe.ClientSafePipeHandle))
        {
            thread.Start();
            reader.ReadExactly(received);
        }

        thread.Join();
        Assert.Equal(bytes, received);
        writer.Write(bytes);
    }

    private Process Start(string guest, params string[] options)
    {
        File.WriteAllBytes(_kernel, Elf(guest switch
        {
            "spin" => Spin,
            "doze" => Doze,
            _ => Print,
        }));
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { typeof(CommandLineApp).Assembly.Location, "run", "--kernel", _kernel, "--cpu", "7400" },
        };
        foreach (string option in options)
        {
            start.ArgumentList.Add(option);
        }

        return Process.Start(start)!;
    }

    // A guest that prints is given the time to fill its pipe.
    private static void WaitUntilItRuns(Process process, string guest)
    {
        Assert.Equal('x', process.StandardOutput.Read());
        Assert.False(process.WaitForExit(guest == "print" ? 500 : 20), "the program ended by itself");
    }

    /// <summary>An ELF file for 0x1000000 with one segment of code.</summary>
    private static byte[] Elf(uint[] code)
    {
        const int HeaderLength = 52;
        const int SegmentLength = 32;
        const uint Address = 0x100_0000;
        uint bytes = (uint)code.Length * 4;
        uint[] segment = [1, HeaderLength + SegmentLength, Address, Address, bytes, bytes, 5, 4];
        List<byte> file = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 2, 1, .. new byte[9]];
        file.AddRange([0, 2, 0, 20, 0, 0, 0, 1]); // executable, PowerPC, version 1
        foreach (uint word in (uint[])[Address, HeaderLength, 0, 0])
        {
            AddWord(word);
        }

        file.AddRange([0, HeaderLength, 0, SegmentLength, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (uint word in (uint[])[.. segment, .. code])
        {
            AddWord(word);
        }

        return [.. file];

        void AddWord(uint word)
        {
            byte[] four = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(four, word);
            file.AddRange(four);
        }
    }
}

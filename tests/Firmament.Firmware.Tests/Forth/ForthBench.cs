using System.Text;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Tests.Forth;

/// <summary>A firmware whose Forth is given text, as a client's "interpret" does.</summary>
internal sealed class ForthBench : IDisposable
{
    public ForthBench(ulong ramSize = 16 << 20, long? steps = null) => Of = new Bench(ramSize: ramSize, forthSteps: steps);

    public Bench Of { get; }

    public OpenFirmware Firmware => Of.Firmware;

    /// <summary>What was printed since the last look.</summary>
    public string Output
    {
        get
        {
            string text = Of.Platform.Output.ToString();
            Of.Platform.Output.Clear();
            return text;
        }
    }

    public void Dispose() => Of.Dispose();

    /// <summary>Interprets text and gives the catch result.</summary>
    public int Try(string text, params ReadOnlySpan<uint> arguments) => Try(text, out _, arguments);

    public int Try(string text, out int[] stack, params ReadOnlySpan<uint> arguments)
    {
        DataStack data = new();
        foreach (uint argument in arguments)
        {
            data.Push(argument);
        }

        int result = Firmware.Forth!.Interpret(Encoding.Latin1.GetBytes(text), Firmware.Physical, data);
        stack = new int[data.Depth];
        for (int i = stack.Length - 1; i >= 0; i--)
        {
            stack[i] = (int)data.Pop();
        }

        return result;
    }

    /// <summary>Interprets text that must succeed and gives the stack, its top last.</summary>
    public int[] Run(string text)
    {
        int result = Try(text, out int[] stack);
        Assert.True(result == 0, $"\"{text}\" threw {result}; it printed \"{Of.Platform.Output}\"");
        return stack;
    }

    /// <summary>What a text prints.</summary>
    public string Print(string text)
    {
        _ = Output;
        _ = Run(text);
        return Output;
    }
}

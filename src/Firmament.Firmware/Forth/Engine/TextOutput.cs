using System.Text;
using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>Where `emit` and `type` go, with the column they have reached. Text is collected and sent before anything waits.</summary>
internal sealed class TextOutput : IStateful
{
    private readonly ForthEngine _forth;
    private readonly byte[] _buffer = new byte[512];
    private int _count;
    private int _column;
    private int _line;
    private IFirmwareConsole _console;

    public TextOutput(ForthEngine forth)
    {
        _forth = forth;
        _console = forth.Firmware.Platform.Console;
    }

    /// <summary>The terminal, for output and for `key`.</summary>
    public IFirmwareConsole Console
    {
        get => _console;
        set => _console = value;
    }

    /// <summary>Characters since the last carriage return.</summary>
    public int Column => _column;

    public void Emit(byte character)
    {
        if (_count == _buffer.Length)
        {
            Flush();
        }

        _buffer[_count++] = character;
        switch (character)
        {
            case (byte)'\r':
                _column = 0;
                break;
            case (byte)'\n':
                _line++;
                break;
            case (byte)'\b':
                _column = Math.Max(0, _column - 1);
                break;
            case >= (byte)' ':
                _column++;
                break;
        }
    }

    public void Type(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Emit(character);
        }
    }

    public void Type(string text)
    {
        foreach (char character in text)
        {
            Emit((byte)character);
        }
    }

    /// <summary>Text of a tree or a file: control characters shown as dots.</summary>
    public void TypeVisible(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Emit(character is >= 0x20 and < 0x7f ? character : (byte)'.');
        }
    }

    /// <summary>A control sequence that moves the cursor by some columns.</summary>
    public void Control(int columns, string sequence)
    {
        int column = _column;
        Type(sequence);
        _column = Math.Max(0, column + columns);
    }

    public void CarriageReturn() => Type("\r\n"u8);

    /// <summary>A line of its own.</summary>
    public void Line(string text)
    {
        Type(text);
        CarriageReturn();
    }

    /// <summary>Starts a new line unless at the start of one.</summary>
    public void FreshLine()
    {
        if (_column > 0)
        {
            CarriageReturn();
        }
    }

    /// <summary>Sends what was collected.</summary>
    public void Flush()
    {
        if (_count > 0)
        {
            _console.Write(_buffer.AsSpan(0, _count));
            _forth.Firmware.Screen?.Show(_buffer.AsSpan(0, _count));
            _count = 0;
        }
    }

    /// <summary>Stores column and line where `#out` and `#line` read them.</summary>
    public void Publish()
    {
        _forth.Memory.SetVariable(DataSpace.OutVariable, (uint)_column);
        _forth.Memory.SetVariable(DataSpace.LineVariable, (uint)_line);
    }

    /// <summary>The columns of a terminal.</summary>
    public static string Pad(string text, int width) => text.Length >= width ? text + " " : text + new string(' ', width - text.Length);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        Flush();
        state.Field("column", ref _column);
        state.Field("line", ref _line);
    }

    /// <summary>Bytes of a string as the terminal gets them.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}

using Firmament.Core.State;

namespace Firmament.Firmware.Packages.Display;

/// <summary>
/// Text with control characters and escape sequences of ISO 6429 on a display (IEEE 1275-1994 annex B and 3.8.4, the 16-colour text extension).
/// </summary>
/// <remarks>Not modelled: the bell, blinking; sequences that annex B does not have are read to their end and dropped.</remarks>
public sealed partial class TerminalEmulator : IStateful
{
    private const byte Escape = 0x1b;
    private const int MostParameters = 8;
    private const int LargestParameter = 9999;
    private const byte FirstForeground = 0;
    private const byte FirstBackground = 15;
    private const byte Bright = 8;

    private readonly Fb8Surface _surface;
    private readonly int[] _parameters = new int[MostParameters];
    private int _count;
    private int _state;
    private int _column;
    private int _line;
    private byte _foreground = FirstForeground;
    private byte _background = FirstBackground;
    private bool _isNegative;
    private bool _isInverse;
    private bool _hidesCursor;

    /// <summary>Makes a terminal; <see cref="Reset"/> clears its screen.</summary>
    public TerminalEmulator(Fb8Surface surface) => _surface = surface;

    /// <summary>The cells it writes to.</summary>
    public Fb8Surface Surface => _surface;

    /// <summary>The cursor's column, 0 first.</summary>
    public int Column => _column;

    /// <summary>The cursor's line, 0 first.</summary>
    public int Line => _line;

    private byte Ink => _isNegative ? Paper0 : Ink0;

    private byte Paper => _isNegative ? Ink0 : Paper0;

    private byte Ink0 => _isInverse ? _background : _foreground;

    private byte Paper0 => _isInverse ? _foreground : _background;

    /// <summary>Clears the screen and forgets attributes and half a sequence.</summary>
    public void Reset()
    {
        (_state, _count, _column, _line, _foreground, _background, _isNegative, _isInverse, _hidesCursor) =
            (0, 0, 0, 0, FirstForeground, FirstBackground, false, false, false);
        _surface.Fill(0, 0, _surface.Display.Width, _surface.Display.Height, Paper);
        ToggleCursor();
    }

    /// <summary>`write`.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        ToggleCursor();
        foreach (byte character in text)
        {
            switch (_state)
            {
                case 0:
                    Put(character);
                    break;
                case 1:
                    _state = character == (byte)'[' ? 2 : 0;
                    Array.Clear(_parameters);
                    _count = 0;
                    break;
                default:
                    ReadSequence(character);
                    break;
            }
        }

        ToggleCursor();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (ref int parameter in _parameters.AsSpan())
        {
            state.Field("parameter", ref parameter);
        }

        state.Field("count", ref _count);
        state.Field("state", ref _state);
        state.Field("column", ref _column);
        state.Field("line", ref _line);
        state.Field("foreground", ref _foreground);
        state.Field("background", ref _background);
        state.Field("negative", ref _isNegative);
        state.Field("inverse", ref _isInverse);
        state.Field("hides-cursor", ref _hidesCursor);
        _count = Math.Clamp(_count, 0, MostParameters - 1);
        _column = Math.Clamp(_column, 0, _surface.Columns - 1);
        _line = Math.Clamp(_line, 0, _surface.Lines - 1);
    }

    private void Put(byte character)
    {
        switch (character)
        {
            case 0x08:
                _column = Math.Max(_column - 1, 0);
                break;
            case 0x09:
                _column = Math.Min((_column | 7) + 1, _surface.Columns - 1);
                break;
            case 0x0a:
                NextLine();
                break;
            case 0x0b:
                _line = Math.Max(_line - 1, 0);
                break;
            case 0x0c:
                (_column, _line) = (0, 0);
                EraseDisplay(2);
                break;
            case 0x0d:
                _column = 0;
                break;
            case Escape:
                _state = 1;
                break;
            case >= 0x20 and not 0x7f:
                _surface.Draw(_column, _line, character, Ink, Paper);
                if (++_column == _surface.Columns)
                {
                    _column = 0;
                    NextLine();
                }

                break;
        }
    }

    private void NextLine()
    {
        if (_line < _surface.Lines - 1)
        {
            _line++;
            return;
        }

        DeleteLines(0, 1);
    }

    private void ToggleCursor()
    {
        if (!_hidesCursor)
        {
            _surface.Invert(_column, _line, Ink0, Paper0);
        }
    }
}

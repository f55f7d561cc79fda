namespace Firmament.Firmware.Packages.Display;

/// <content>The control sequences (IEEE 1275-1994 table B.1).</content>
public sealed partial class TerminalEmulator
{
    // ISO 6429's order of colours in the order of the palette of the 16-colour text extension: red and blue change places.
    private static readonly byte[] PaletteOf = [0, 4, 2, 6, 1, 5, 3, 7];

    private void ReadSequence(byte character)
    {
        switch (character)
        {
            case >= (byte)'0' and <= (byte)'9':
                ref int parameter = ref _parameters[_count];
                parameter = Math.Min((parameter * 10) + (character - '0'), LargestParameter);
                break;
            case (byte)';':
                _count = Math.Min(_count + 1, MostParameters - 1);
                break;
            case (byte)'?':
                // A private sequence; of those only the cursor's is known (DEC ?25h and ?25l).
                _state = 3;
                break;
            case >= 0x40 and < 0x7f:
                bool isPrivate = _state == 3;
                _state = 0;
                if (isPrivate)
                {
                    RunPrivate(character);
                }
                else
                {
                    Run((char)character);
                }

                break;
            case < 0x20:
                _state = 0;
                break;
        }
    }

    private void RunPrivate(byte final)
    {
        if (_parameters[0] == 25)
        {
            _hidesCursor = final == (byte)'l' || (final != (byte)'h' && _hidesCursor);
        }
    }

    private void Run(char final)
    {
        int first = _parameters[0];
        int count = Math.Max(first, 1);
        switch (final)
        {
            case '@':
                InsertCells(count);
                break;
            case 'A':
                _line = Math.Max(_line - count, 0);
                break;
            case 'B':
                _line = Math.Min(_line + count, _surface.Lines - 1);
                break;
            case 'C':
                _column = Math.Min(_column + count, _surface.Columns - 1);
                break;
            case 'D':
                _column = Math.Max(_column - count, 0);
                break;
            case 'E':
                (_column, _line) = (0, Math.Min(_line + count, _surface.Lines - 1));
                break;
            case 'H' or 'f':
                _line = Math.Clamp(first - 1, 0, _surface.Lines - 1);
                _column = Math.Clamp(_parameters[1] - 1, 0, _surface.Columns - 1);
                break;
            case 'J':
                EraseDisplay(first);
                break;
            case 'K':
                EraseLine(first);
                break;
            case 'L':
                InsertLines(count);
                break;
            case 'M':
                DeleteLines(_line, count);
                break;
            case 'P':
                DeleteCells(count);
                break;
            case 'm':
                SelectRendition();
                break;
            case 'p' when _isInverse:
            case 'q' when !_isInverse:
                _surface.InvertAll(_foreground, _background);
                _isInverse = !_isInverse;
                break;
            case 's':
                (_foreground, _background, _isNegative, _isInverse) = (FirstForeground, FirstBackground, false, false);
                break;
        }
    }

    private void SelectRendition()
    {
        for (int i = 0; i <= _count; i++)
        {
            switch (_parameters[i])
            {
                case 0:
                    (_foreground, _background, _isNegative) = (FirstForeground, FirstBackground, false);
                    break;
                case 1:
                    _foreground |= Bright;
                    break;
                case 7:
                    _isNegative = true;
                    break;
                case 27:
                    _isNegative = false;
                    break;
                case >= 30 and <= 37:
                    _foreground = (byte)((_foreground & Bright) | PaletteOf[_parameters[i] - 30]);
                    break;
                case >= 40 and <= 47:
                    _background = PaletteOf[_parameters[i] - 40];
                    break;
            }
        }
    }

    private void InsertCells(int count)
    {
        count = Math.Min(count, _surface.Columns - _column);
        _surface.MoveCells(_line, _column, _column + count, _surface.Columns - _column - count);
        _surface.Erase(_column, _line, count, Paper);
    }

    private void DeleteCells(int count)
    {
        count = Math.Min(count, _surface.Columns - _column);
        _surface.MoveCells(_line, _column + count, _column, _surface.Columns - _column - count);
        _surface.Erase(_surface.Columns - count, _line, count, Paper);
    }

    private void InsertLines(int count)
    {
        count = Math.Min(count, _surface.Lines - _line);
        _surface.MoveLines(_line, _line + count, _surface.Lines - _line - count);
        EraseLines(_line, count);
    }

    private void DeleteLines(int line, int count)
    {
        count = Math.Min(count, _surface.Lines - line);
        _surface.MoveLines(line + count, line, _surface.Lines - line - count);
        EraseLines(_surface.Lines - count, count);
    }

    private void EraseLine(int which)
    {
        int from = which == 0 ? _column : 0;
        int to = which == 1 ? _column + 1 : _surface.Columns;
        _surface.Erase(from, _line, to - from, Paper);
    }

    private void EraseDisplay(int which)
    {
        if (which == 2)
        {
            EraseLines(0, _surface.Lines);
            return;
        }

        EraseLine(which);
        EraseLines(which == 1 ? 0 : _line + 1, which == 1 ? _line : _surface.Lines - _line - 1);
    }

    private void EraseLines(int line, int count)
    {
        for (int i = line; i < line + count; i++)
        {
            _surface.Erase(0, i, _surface.Columns, Paper);
        }
    }
}

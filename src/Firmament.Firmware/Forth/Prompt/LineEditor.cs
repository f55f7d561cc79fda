using System.Globalization;
using System.Text;
using Firmament.Core.State;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>
/// Edits one line on an ANSI terminal of 80 columns: a longer line scrolls sideways. Keys are those of IEEE 1275-1994 7.4.10 and the usual terminals'.
/// </summary>
internal sealed class LineEditor : IStateful
{
    private const int LongestLine = 1000;
    private const int Columns = 79;
    private const byte Escape = 0x1b;

    private readonly LineHistory _history = new();
    private string _prompt = "";
    private string _line = "";
    private string _killed = "";
    private string _sequence = "";
    private int _cursor;
    private int _left;
    private bool _afterReturn;
    private ForthEngine? _forth;

    /// <summary>The engine whose terminal and words it uses; a saved state brings another.</summary>
    public ForthEngine Forth
    {
        get => _forth ?? throw new InvalidOperationException("the editor has no terminal yet");
        set => _forth = value;
    }

    /// <summary>What was typed so far.</summary>
    public string Line => _line;

    private TextOutput Output => Forth.Output;

    private int Room => Columns - _prompt.Length;

    /// <summary>Begins an empty line.</summary>
    public void Begin(string prompt)
    {
        (_prompt, _line, _cursor, _left, _sequence) = (prompt, "", 0, 0, "");
        Output.FreshLine();
        Output.Type(prompt);
    }

    /// <summary>Takes a character. True when it ended the line, which is then <see cref="Line"/>.</summary>
    public bool Feed(byte character)
    {
        bool followsReturn = _afterReturn;
        _afterReturn = character == '\r';
        if (_sequence.Length > 0 || character == Escape)
        {
            FeedSequence((char)character);
            return false;
        }

        switch (character)
        {
            case (byte)'\n' when followsReturn:
                return false;
            case (byte)'\r' or (byte)'\n':
                End();
                return true;
            case TerminalInput.Interrupt:
                Output.Type("^C");
                Begin(_prompt);
                return false;
            case (byte)'\t':
                Complete();
                return false;
            default:
                Edit(character);
                return false;
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("history", _history);
        state.Text("prompt", ref _prompt);
        state.Text("line", ref _line);
        state.Text("killed", ref _killed);
        state.Text("sequence", ref _sequence);
        state.Field("cursor", ref _cursor);
        state.Field("left", ref _left);
        state.Field("after-return", ref _afterReturn);
        _cursor = Math.Clamp(_cursor, 0, _line.Length);
        _left = Math.Clamp(_left, 0, _cursor);
    }

    private void End()
    {
        if (_line.Length > Room || _cursor < _line.Length)
        {
            MoveTo(_line.Length);
        }

        Output.CarriageReturn();
        _history.Add(_line);
    }

    private void Edit(byte character)
    {
        switch (character)
        {
            case 0x01:
                MoveTo(0);
                break;
            case 0x02:
                MoveTo(_cursor - 1);
                break;
            case 0x04:
                Delete(_cursor, 1);
                break;
            case 0x05:
                MoveTo(_line.Length);
                break;
            case 0x06:
                MoveTo(_cursor + 1);
                break;
            case 0x08 or 0x7f:
                Delete(_cursor - 1, 1);
                break;
            case 0x0b:
                Kill(_cursor, _line.Length);
                break;
            case 0x0c:
                Output.Type("\e[2J\e[H");
                Refresh();
                break;
            case 0x0e:
                Replace(_history.Next());
                break;
            case 0x10:
                Replace(_history.Previous(_line));
                break;
            case 0x12:
                Refresh();
                break;
            case 0x15:
                Kill(0, _line.Length);
                break;
            case 0x17:
                Kill(StartOfWord(), _cursor);
                break;
            case 0x19:
                Insert(_killed);
                break;
            case >= 0x20:
                Insert(((char)character).ToString());
                break;
        }
    }

    /// <summary>Collects "ESC [ … letter" and "ESC O letter"; anything else after ESC is dropped.</summary>
    private void FeedSequence(char character)
    {
        _sequence += character;
        if (_sequence.Length == 1 || (_sequence.Length == 2 && character is '[' or 'O'))
        {
            return;
        }

        bool isParameter = _sequence[1] == '[' && character is (>= '0' and <= '9') or ';';
        if (isParameter && _sequence.Length < 8)
        {
            return;
        }

        string key = _sequence[1..];
        _sequence = "";
        switch (key)
        {
            case "[A" or "OA":
                Replace(_history.Previous(_line));
                break;
            case "[B" or "OB":
                Replace(_history.Next());
                break;
            case "[C" or "OC":
                MoveTo(_cursor + 1);
                break;
            case "[D" or "OD":
                MoveTo(_cursor - 1);
                break;
            case "[H" or "OH" or "[1~" or "[7~":
                MoveTo(0);
                break;
            case "[F" or "OF" or "[4~" or "[8~":
                MoveTo(_line.Length);
                break;
            case "[3~":
                Delete(_cursor, 1);
                break;
        }
    }

    private void Complete()
    {
        string insertion = new Completion(Forth).Complete(_line[..WordBefore(_cursor)], _line[WordBefore(_cursor).._cursor], out IReadOnlyList<string> choices);
        if (insertion.Length > 0)
        {
            Insert(insertion);
        }
        else if (choices.Count > 1)
        {
            Output.CarriageReturn();
            foreach (string choice in choices)
            {
                if (Output.Column + choice.Length + 2 > Columns)
                {
                    Output.CarriageReturn();
                }

                Output.Type(choice + "  ");
            }

            Output.CarriageReturn();
            Refresh();
        }
    }

    /// <summary>Where the word before the cursor starts, with the blanks between.</summary>
    private int StartOfWord()
    {
        int start = _cursor;
        while (start > 0 && _line[start - 1] == ' ')
        {
            start--;
        }

        return WordBefore(start);
    }

    private int WordBefore(int end)
    {
        while (end > 0 && _line[end - 1] != ' ')
        {
            end--;
        }

        return end;
    }

    private void Insert(string text)
    {
        text = text[..Math.Min(text.Length, LongestLine - _line.Length)];
        bool atEnd = _cursor == _line.Length;
        _line = _line.Insert(_cursor, text);
        _cursor += text.Length;
        if (atEnd && _cursor - _left < Room)
        {
            Output.Type(text);
        }
        else
        {
            Refresh();
        }
    }

    private void Delete(int start, int count)
    {
        if (start < 0 || start + count > _line.Length)
        {
            return;
        }

        bool atEnd = _cursor == _line.Length && start == _cursor - 1 && _left == 0;
        _line = _line.Remove(start, count);
        _cursor = start;
        if (atEnd)
        {
            Output.Type("\b \b"u8);
        }
        else
        {
            Refresh();
        }
    }

    private void Kill(int start, int end)
    {
        _killed = _line[start..end];
        _line = _line.Remove(start, end - start);
        _cursor = start;
        Refresh();
    }

    private void Replace(string? line)
    {
        if (line != null)
        {
            (_line, _cursor) = (line, line.Length);
            Refresh();
        }
    }

    private void MoveTo(int cursor)
    {
        cursor = Math.Clamp(cursor, 0, _line.Length);
        int moved = cursor - _cursor;
        _cursor = cursor;
        if (cursor < _left || cursor - _left >= Room)
        {
            Refresh();
        }
        else if (moved != 0)
        {
            Output.Control(moved, string.Create(CultureInfo.InvariantCulture, $"\e[{Math.Abs(moved)}{(moved < 0 ? 'D' : 'C')}"));
        }
    }

    /// <summary>Draws the line anew, as much of it as fits, and puts the cursor where it belongs.</summary>
    private void Refresh()
    {
        if (_cursor < _left || _cursor - _left >= Room)
        {
            _left = Math.Max(0, _cursor - (Room / 2));
        }

        string shown = _line.Substring(_left, Math.Min(_line.Length - _left, Room));
        StringBuilder text = new();
        text.Append('\r').Append(_prompt).Append(shown);
        Output.Type(text.ToString());
        Output.Control(0, "\e[K");
        int back = _left + shown.Length - _cursor;
        if (back > 0)
        {
            Output.Control(-back, string.Create(CultureInfo.InvariantCulture, $"\e[{back}D"));
        }
    }
}

using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>Lines typed before, the newest last, and where the user stands among them.</summary>
internal sealed class LineHistory : IStateful
{
    private const int MostLines = 64;

    private readonly List<string> _lines = [];
    private int _position;
    private string _unfinished = "";

    /// <summary>Remembers a line, unless it is blank or was just typed.</summary>
    public void Add(string line)
    {
        if (line.Trim().Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            if (_lines.Count > MostLines)
            {
                _lines.RemoveAt(0);
            }
        }

        _position = _lines.Count;
        _unfinished = "";
    }

    /// <summary>The line before, or null at the first.</summary>
    public string? Previous(string present)
    {
        if (_position == 0)
        {
            return null;
        }

        if (_position == _lines.Count)
        {
            _unfinished = present;
        }

        return _lines[--_position];
    }

    /// <summary>The line after, or what was being typed; null where there is none.</summary>
    public string? Next()
    {
        if (_position >= _lines.Count)
        {
            return null;
        }

        _position++;
        return _position == _lines.Count ? _unfinished : _lines[_position];
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        int count = _lines.Count;
        state.Field("count", ref count);
        count = Math.Clamp(count, 0, MostLines);
        for (int i = 0; i < count; i++)
        {
            string line = i < _lines.Count ? _lines[i] : "";
            state.Text("line", ref line);
            if (i < _lines.Count)
            {
                _lines[i] = line;
            }
            else
            {
                _lines.Add(line);
            }
        }

        _lines.RemoveRange(count, _lines.Count - count);
        state.Field("position", ref _position);
        _position = Math.Clamp(_position, 0, count);
        state.Text("unfinished", ref _unfinished);
    }
}

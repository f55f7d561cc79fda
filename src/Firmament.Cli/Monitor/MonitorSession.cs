using System.Text;
using Firmament.Cli.Characters;

namespace Firmament.Cli.Monitor;

/// <summary>The "(qemu)" prompt on a console: edits a line, has it executed on the machine's thread, prints the answer.</summary>
/// <remarks>The prompt's text is part of the interface: scripts wait for it (command-line.md section 4).</remarks>
internal sealed class MonitorSession : IMuxUser
{
    private const string Prompt = "(qemu) ";
    private const int LongestLine = 4096;
    private readonly Action<byte[]> _output;
    private readonly Action<string, Action<string>> _execute;
    private readonly StringBuilder _line = new();
    private readonly Queue<byte> _waiting = new();
    private readonly Lock _gate = new();
    private bool _greeted;
    private bool _busy;
    private bool _afterReturn;

    /// <param name="output">Writes to the console.</param>
    /// <param name="execute">Executes a line somewhere and calls back with the answer, lines ending in '\n'.</param>
    public MonitorSession(Action<byte[]> output, Action<string, Action<string>> execute)
    {
        _output = output;
        _execute = execute;
    }

    /// <inheritdoc/>
    public void Receive(byte[] bytes)
    {
        lock (_gate)
        {
            foreach (byte key in bytes)
            {
                if (_waiting.Count < LongestLine)
                {
                    _waiting.Enqueue(key);
                }
            }

            TakeWaiting();
        }
    }

    /// <inheritdoc/>
    public void Break()
    {
    }

    // What is typed while a command runs is looked at after its answer.
    private void TakeWaiting()
    {
        while (!_busy && _waiting.TryDequeue(out byte key))
        {
            bool pairedLineFeed = key == '\n' && _afterReturn;
            _afterReturn = key == '\r';
            if (!pairedLineFeed)
            {
                Take((char)key);
            }
        }
    }

    /// <inheritdoc/>
    public void Focus(bool has)
    {
        if (!has)
        {
            return;
        }

        if (!_greeted)
        {
            _greeted = true;
            Print($"Firmament {ProgramVersion.Own} monitor - type 'help' for more information\n");
        }

        Print(Prompt + _line);
    }

    private void Take(char key)
    {
        switch (key)
        {
            case '\r' or '\n':
                Print("\n");
                string line = _line.ToString().Trim();
                _line.Clear();
                _busy = true;
                _execute(line, Answer);
                break;
            case '\b' or '\x7f':
                if (_line.Length != 0)
                {
                    _line.Length--;
                    Print("\b \b");
                }

                break;
            case '\x15': // Ctrl-U
                Print("\r" + Prompt + new string(' ', _line.Length) + "\r" + Prompt);
                _line.Clear();
                break;
            case >= ' ' and < '\x7f' when _line.Length < LongestLine:
                _line.Append(key);
                Print(key.ToString());
                break;
        }
    }

    private void Answer(string text)
    {
        lock (_gate)
        {
            Print(text + Prompt);
            _busy = false;
            TakeWaiting();
        }
    }

    private void Print(string text) => _output(Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
}

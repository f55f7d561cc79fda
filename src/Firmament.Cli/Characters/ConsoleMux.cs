using System.Diagnostics;
using System.Globalization;
using System.Text;
using Firmament.Core.Backends;

namespace Firmament.Cli.Characters;

/// <summary>
/// Shares one host end among several users with keys after an escape character, Ctrl-A unless told otherwise: h or ? help, x exit, s, t, b break, c next
/// user, Ctrl-A itself (QEMU, "Keys in the character backend multiplexer").
/// </summary>
internal sealed class ConsoleMux : ICharacterBackend
{
    private readonly HostCharacter _host;
    private readonly byte _escape;
    private readonly Action _exit;
    private readonly List<IMuxUser> _users = [];
    private readonly Lock _gate = new();
    private readonly Stopwatch _sinceOutput = new();
    private int _focus;
    private bool _escaped;
    private bool _stamps;
    private bool _lineStart = true;

    /// <param name="host">The shared end.</param>
    /// <param name="escape">Control character, 1 to 26; 0 for no keys.</param>
    /// <param name="exit">Ends the run.</param>
    public ConsoleMux(HostCharacter host, int escape, Action exit)
    {
        _host = host;
        _escape = (byte)escape;
        _exit = exit;
        host.Received = Receive;
    }

    /// <summary>Adds a user; the first added has the focus.</summary>
    public void Add(IMuxUser user) => _users.Add(user);

    /// <summary>Output of any user.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_stamps)
            {
                WriteStamped(bytes);
            }
            else
            {
                _host.Write(bytes);
            }
        }
    }

    /// <summary>Input from the host end.</summary>
    public void Receive(byte[] bytes)
    {
        List<byte> plain = new(bytes.Length);
        foreach (byte key in bytes)
        {
            if (_escaped)
            {
                _escaped = false;
                if (key == _escape)
                {
                    plain.Add(key);
                    continue;
                }

                Pass(plain);
                Act((char)key);
            }
            else if (key == _escape && _escape != 0)
            {
                _escaped = true;
            }
            else
            {
                plain.Add(key);
            }
        }

        Pass(plain);
    }

    private void Pass(List<byte> plain)
    {
        if (plain.Count != 0 && _users.Count != 0)
        {
            _users[_focus].Receive([.. plain]);
            plain.Clear();
        }
    }

    private void Act(char key)
    {
        switch (key)
        {
            case 'h' or '?':
                Print(HelpText());
                break;
            case 'x':
                Leave();
                break;
            case 's':
                Print("\n\rDisks are written as the guest writes them; there is nothing to commit.\n\r");
                break;
            case 't':
                _stamps = !_stamps;
                _sinceOutput.Restart();
                _lineStart = true;
                break;
            case 'b' when _users.Count != 0:
                _users[_focus].Break();
                break;
            case 'c' when _users.Count > 1:
                _users[_focus].Focus(false);
                _focus = (_focus + 1) % _users.Count;
                _users[_focus].Focus(true);
                break;
        }
    }

    private string HelpText()
    {
        string key = $"C-{(char)('a' + _escape - 1)}";
        return $"\n\r{key} h    print this help\n\r{key} x    exit\n\r{key} s    commit the disks\n\r{key} t    switch time stamps on or off\n\r"
            + $"{key} b    send break (magic SysRq)\n\r{key} c    switch between console and monitor\n\r{key} {key}  send {key}\n\r";
    }

    private void Print(string text)
    {
        lock (_gate)
        {
            _host.Write(Encoding.ASCII.GetBytes(text));
        }
    }

    // A guest that prints without end may keep the lock to itself; leaving is worth more than the word about it.
    private void Leave()
    {
        _host.Hurry();
        if (_gate.TryEnter(TimeSpan.FromMilliseconds(20)))
        {
            try
            {
                _host.Write("QEMU: Terminated\n\r"u8);
            }
            finally
            {
                _gate.Exit();
            }
        }

        _exit();
    }

    private void WriteStamped(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            if (_lineStart)
            {
                TimeSpan time = _sinceOutput.Elapsed;
                _host.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{time:hh\\:mm\\:ss\\.fff}] ")));
                _lineStart = false;
            }

            _host.Write([one]);
            _lineStart = one == (byte)'\n';
        }
    }
}

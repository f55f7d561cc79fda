using System.Globalization;
using System.Text;
using Firmament.Cli.Terminal;

namespace Firmament.Cli.Installers;

/// <summary>One line on standard error that says what is going on; a bar on a terminal, a plain line per step elsewhere.</summary>
internal sealed class ProgressLine(IStandardStreams streams)
{
    private const int BarWidth = 30;

    private string _last = "";

    /// <summary>Names a step.</summary>
    public void Say(string what)
    {
        if (!streams.IsErrorTerminal)
        {
            streams.WriteError(Encoding.UTF8.GetBytes(what + "…\n"));
            return;
        }

        Draw(what + "…");
    }

    /// <summary>Shows how far a step has come.</summary>
    /// <param name="what">The step.</param>
    /// <param name="done">0 to 1.</param>
    public void Show(string what, double done)
    {
        if (streams.IsErrorTerminal)
        {
            int filled = (int)(Math.Clamp(done, 0, 1) * BarWidth);
            Draw(string.Create(CultureInfo.InvariantCulture, $"{what} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {Math.Clamp(done, 0, 1) * 100,3:f0} %"));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_last.Length > 0)
        {
            _last = "";
            streams.WriteError("\r\e[K"u8);
        }
    }

    private void Draw(string text)
    {
        if (text != _last)
        {
            _last = text;
            streams.WriteError(Encoding.UTF8.GetBytes("\r\e[K" + text));
        }
    }
}

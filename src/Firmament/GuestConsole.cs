using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Replay;

namespace Firmament;

/// <summary>A guest's serial console as a program sees it: the text so far, and a way to type.</summary>
/// <remarks>Not safe for use from several threads; it belongs to the thread that runs the <see cref="VirtualMachine"/>.</remarks>
public sealed class GuestConsole
{
    private readonly Collector _collector = new();
    private InputChannel? _input;

    internal GuestConsole()
    {
    }

    /// <summary>Everything the guest has printed, one character a byte (ISO 8859-1), carriage returns included.</summary>
    public string Text => _collector.Text.ToString();

    /// <summary>Called with each run of bytes as the guest prints it; null for nobody.</summary>
    public Action<ReadOnlyMemory<byte>>? Printed { get; set; }

    internal ICharacterBackend Backend => _collector;

    /// <summary>Called, on the machine's thread, when the guest printed the text that is waited for.</summary>
    internal Action? Found
    {
        get => _collector.Found;
        set => _collector.Found = value;
    }

    /// <summary>Types text; the guest gets it when it next runs, at the pace of its serial line.</summary>
    /// <param name="text">Characters 0 to 255; "\n" or "\r" where the guest expects them, nothing is added.</param>
    public void Send(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _input?.Post(Encoding.Latin1.GetBytes(text));
    }

    internal void Connect(InputChannel? input)
    {
        _input = input;
        _collector.Owner = this;
    }

    /// <summary>Waits for text in what is printed from character <paramref name="from"/> on. True when it is there already.</summary>
    internal bool Await(string? text, int from) => _collector.Await(text, from);

    /// <summary>The first character after the awaited text; -1 while it has not been printed.</summary>
    internal int FoundEnd => _collector.FoundEnd;

    private sealed class Collector : ICharacterBackend
    {
        private string? _awaited;
        private int _searchFrom;

        public StringBuilder Text { get; } = new();

        public GuestConsole? Owner { get; set; }

        public Action? Found { get; set; }

        public int FoundEnd { get; private set; } = -1;

        public bool Await(string? text, int from)
        {
            _awaited = text;
            _searchFrom = from;
            FoundEnd = -1;
            Search();
            return FoundEnd >= 0;
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            Text.Append(Encoding.Latin1.GetString(bytes));
            Owner?.Printed?.Invoke(bytes.ToArray());
            if (_awaited != null && FoundEnd < 0)
            {
                Search();
                if (FoundEnd >= 0)
                {
                    Found?.Invoke();
                }
            }
        }

        private void Search()
        {
            if (_awaited is not { Length: > 0 } awaited)
            {
                return;
            }

            string tail = Text.ToString(_searchFrom, Text.Length - _searchFrom);
            int index = tail.IndexOf(awaited, StringComparison.Ordinal);
            if (index >= 0)
            {
                FoundEnd = _searchFrom + index + awaited.Length;
            }
            else
            {
                // Only the last characters can be the beginning of a later match.
                _searchFrom = Math.Max(_searchFrom, Text.Length - awaited.Length + 1);
            }
        }
    }
}

using System.Text;
using Firmament.Core.Backends;

namespace Firmament.Cli.Running;

/// <summary>Passes a console's output on and tells when it contained a text, however the bytes were cut (Knuth, Morris, Pratt).</summary>
internal sealed class TextWatch : ICharacterBackend
{
    private readonly ICharacterBackend _next;
    private readonly byte[] _text;
    private readonly int[] _fallback;
    private readonly Action _found;
    private int _matched;
    private bool _done;

    /// <param name="next">Gets every byte.</param>
    /// <param name="text">Not empty; compared as UTF-8.</param>
    /// <param name="found">Called once, after the bytes were passed on, on the writer's thread.</param>
    public TextWatch(ICharacterBackend next, string text, Action found)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _next = next;
        _text = Encoding.UTF8.GetBytes(text);
        _fallback = Fallbacks(_text);
        _found = found;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _next.Write(bytes);
        if (!_done && Matches(bytes))
        {
            _done = true;
            _found();
        }
    }

    private static int[] Fallbacks(byte[] text)
    {
        int[] fallback = new int[text.Length];
        for (int i = 1, length = 0; i < text.Length; i++)
        {
            while (length > 0 && text[i] != text[length])
            {
                length = fallback[length - 1];
            }

            length += text[i] == text[length] ? 1 : 0;
            fallback[i] = length;
        }

        return fallback;
    }

    private bool Matches(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            while (_matched > 0 && one != _text[_matched])
            {
                _matched = _fallback[_matched - 1];
            }

            _matched += one == _text[_matched] ? 1 : 0;
            if (_matched == _text.Length)
            {
                return true;
            }
        }

        return false;
    }
}

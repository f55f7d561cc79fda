using System.Text;
using System.Text.Json;
using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>
/// A value in QEMU's "first,key=value,flag,noflag" form, or the same as a JSON object. Two commas stand for one in a value.
/// Example: <c>file=a,,b.img,if=virtio,readonly</c>.
/// </summary>
internal sealed class OptionList
{
    private readonly List<KeyValuePair<string, string>> _entries = [];
    private readonly HashSet<string> _taken = [];
    private readonly string _option;

    private OptionList(string option) => _option = option;

    /// <summary>Keys in the order they were written.</summary>
    public IEnumerable<string> Keys => _entries.Select(static e => e.Key);

    /// <summary>Parses <paramref name="text"/>; an element without '=' at the front is the value of <paramref name="impliedKey"/>.</summary>
    /// <exception cref="UserErrorException">The JSON is malformed.</exception>
    public static OptionList Parse(string option, string text, string impliedKey)
    {
        OptionList list = new(option);
        if (text.StartsWith('{'))
        {
            list.AddJson(text);
            return list;
        }

        bool first = true;
        foreach (string element in Split(text))
        {
            int equals = element.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                list.Add(element[..equals], element[(equals + 1)..]);
            }
            else if (first)
            {
                list.Add(impliedKey, element);
            }
            else if (element.StartsWith("no", StringComparison.Ordinal) && element.Length > 2)
            {
                list.Add(element[2..], "off");
            }
            else if (element.Length != 0)
            {
                list.Add(element, "on");
            }

            first = false;
        }

        return list;
    }

    /// <summary>Takes a key's last value, or null.</summary>
    public string? Take(string key)
    {
        _taken.Add(key);
        string? found = null;
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            if (entry.Key == key)
            {
                found = entry.Value;
            }
        }

        return found;
    }

    /// <summary>Takes every value of a key that may be repeated.</summary>
    public List<string> TakeAll(string key)
    {
        _taken.Add(key);
        return [.. _entries.Where(entry => entry.Key == key).Select(static entry => entry.Value)];
    }

    /// <summary>Takes an on/off key.</summary>
    /// <exception cref="UserErrorException">The value is neither.</exception>
    public bool TakeFlag(string key, bool otherwise)
    {
        string? value = Take(key);
        return value switch
        {
            null => otherwise,
            "on" or "yes" or "true" or "y" => true,
            "off" or "no" or "false" or "n" => false,
            _ => throw new UserErrorException($"-{_option} {key}={value} is neither on nor off; give {key}=on or {key}=off."),
        };
    }

    /// <summary>Takes a whole number.</summary>
    /// <exception cref="UserErrorException">The value is not one.</exception>
    public int? TakeNumber(string key)
    {
        string? value = Take(key);
        if (value == null)
        {
            return null;
        }

        return int.TryParse(value, out int number)
            ? number
            : throw new UserErrorException($"-{_option} {key}={value} is not a whole number; give for example {key}=0.");
    }

    /// <summary>Takes keys that change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _taken.Add(key);
        }
    }

    /// <summary>Refuses the first key that nobody took.</summary>
    /// <exception cref="UserErrorException">There is one.</exception>
    public void RefuseRest()
    {
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            if (!_taken.Contains(entry.Key))
            {
                throw new UserErrorException($"-{_option} has no parameter '{entry.Key}'{Suggestion.For(entry.Key, _taken)}.");
            }
        }
    }

    /// <summary>Every entry, the last value of each key.</summary>
    public Dictionary<string, string> ToDictionary()
    {
        Dictionary<string, string> all = [];
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            all[entry.Key] = entry.Value;
        }

        return all;
    }

    private static IEnumerable<string> Split(string text)
    {
        StringBuilder element = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != ',')
            {
                element.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == ',')
            {
                element.Append(',');
                i++;
            }
            else
            {
                yield return element.ToString();
                element.Clear();
            }
        }

        yield return element.ToString();
    }

    private void Add(string key, string value) => _entries.Add(new(key, value));

    private void AddJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            AddObject("", document.RootElement);
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"-{_option} {text} is not well-formed JSON; close every brace and quote.", e);
        }
    }

    // An object within is its keys behind its own and a dot, as in the form with commas.
    private void AddObject(string prefix, JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string key = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                AddObject(key + ".", property.Value);
                continue;
            }

            Add(key, property.Value.ValueKind switch
            {
                JsonValueKind.True => "on",
                JsonValueKind.False => "off",
                JsonValueKind.String => property.Value.GetString()!,
                _ => property.Value.GetRawText(),
            });
        }
    }
}

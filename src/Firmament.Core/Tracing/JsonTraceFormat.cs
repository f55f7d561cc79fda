using System.Text.Json;
using Firmament.Core.Time;

namespace Firmament.Core.Tracing;

/// <summary>
/// The JSON form of a trace event, written and read: <c>{"time":1234000,"category":"firmware","source":"client","name":"getprop","fields":{…}}</c>, time in
/// nanoseconds.
/// </summary>
/// <remarks>docs/tracing.md has the format.</remarks>
public static class JsonTraceFormat
{
    private const string Time = "time";
    private const string Category = "category";
    private const string Source = "source";
    private const string Name = "name";
    private const string Fields = "fields";

    /// <summary>Writes an event as an object.</summary>
    public static void Write(Utf8JsonWriter json, in TraceEvent traceEvent)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteNumber(Time, traceEvent.Time.Nanoseconds);
        json.WriteString(Category, TraceCategories.NameOf(traceEvent.Category));
        json.WriteString(Source, traceEvent.Source);
        json.WriteString(Name, traceEvent.Name);
        json.WriteStartObject(Fields);
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            json.WriteString(field.Key, field.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads a line. False when it is not one of a trace.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out TraceEvent traceEvent)
    {
        traceEvent = default;
        try
        {
            Utf8JsonReader json = new(line);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && TryRead(ref json, out traceEvent);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryRead(ref Utf8JsonReader json, out TraceEvent traceEvent)
    {
        (long time, string category, string source, string name) = (-1, "", "", "");
        List<KeyValuePair<string, string>> fields = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string property = json.GetString()!;
            json.Read();
            switch (property, json.TokenType)
            {
                case (Time, JsonTokenType.Number):
                    time = json.TryGetInt64(out long nanoseconds) ? nanoseconds : -1;
                    break;
                case (Category, JsonTokenType.String):
                    category = json.GetString()!;
                    break;
                case (Source, JsonTokenType.String):
                    source = json.GetString()!;
                    break;
                case (Name, JsonTokenType.String):
                    name = json.GetString()!;
                    break;
                case (Fields, JsonTokenType.StartObject):
                    ReadFields(ref json, fields);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        TraceCategory found = TraceCategories.Find(category);
        traceEvent = new TraceEvent(new VirtualTime(time), found, source, name, fields);
        return time >= 0 && found != TraceCategory.None && source.Length != 0 && json.TokenType == JsonTokenType.EndObject;
    }

    private static void ReadFields(ref Utf8JsonReader json, List<KeyValuePair<string, string>> fields)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType == JsonTokenType.String)
            {
                fields.Add(new(key, json.GetString()!));
            }
            else
            {
                json.Skip();
            }
        }
    }
}

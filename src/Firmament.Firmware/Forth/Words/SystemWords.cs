using System.Globalization;
using System.Text;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Nvram;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Configuration variables, booting and the machine (IEEE 1275-1994 7.4.3, 7.4.4, 7.4.7).</summary>
internal static class SystemWords
{
    public static void AddTo(WordTable t)
    {
        AddVariables(t);
        AddBooting(t);
        t.Add("reset-all", "--", static f => Request(f, PlatformRequest.Reset));
        t.Add("reset", "--", static f => Request(f, PlatformRequest.Reset));
        t.Add("power-off", "--", static f => Request(f, PlatformRequest.PowerOff));
        t.Add("poweroff", "--", static f => Request(f, PlatformRequest.PowerOff));
        t.Add("shut-down", "--", static f => Request(f, PlatformRequest.PowerOff));
        t.Add("shutdown", "--", static f => Request(f, PlatformRequest.PowerOff));
        t.Add("bye", "--", static f => Request(f, PlatformRequest.PowerOff));
    }

    /// <summary>Pushes a configuration variable by name: a flag, a number or a string (IEEE 1275-1994 7.4.4). False when there is none.</summary>
    public static bool TryPushVariable(ForthEngine f, string name)
    {
        if (f.Firmware.Variables?.Get(name) is not { } value)
        {
            return false;
        }

        bool isNumber = NumberText.TryParse(Encoding.Latin1.GetBytes(value), 10, out long number, out _);
        if (value is "true" or "false")
        {
            f.Push(value == "true");
        }
        else if (isNumber && (f.Firmware.Variables.DefaultOf(name) is not { Length: > 0 } standard || char.IsAsciiDigit(standard[0]) || standard[0] == '-'))
        {
            f.Push((int)number);
        }
        else
        {
            PropertyWords.PushText(f, value);
        }

        return true;
    }

    private static void AddVariables(WordTable t)
    {
        t.Add("printenv", "--", static f => Print(f));
        t.Add("setenv", "--", static f => Set(f));
        t.Add("$setenv", "value len name len --", static f => SetFromStack(f));
        t.Add("$getenv", "name len -- true | value len false", static f => Get(f));
        t.Add("set-default", "--", static f => SetDefault(f));
        t.Add("set-defaults", "--", static f => SetDefaults(f));
        t.Add("nvalias", "--", static f => AddAlias(f));
        t.Add("nvunalias", "--", static f => RemoveAlias(f));
        t.Add("nvrun", "-- ...", static f => f.Evaluate(f.Firmware.Variables?.Get("nvramrc") ?? ""));
        t.Add("suppress-banner", "--", static _ => { });
        t.Nameless("(variable)", "name len -- ...", static f => PushVariable(f));
        t.Add("load-base", "-- addr", static f => { if (!TryPushVariable(f, "load-base")) { f.Push(0x4000); } });
    }

    private static void AddBooting(WordTable t)
    {
        t.Add("boot", "--", static f => Boot(f, static (commands, line) => commands.Boot(line)));
        t.Add("load", "--", static f => Boot(f, static (commands, line) => commands.Load(line)));
        t.Add("go", "--", static f => Start(f, static (commands, _) => commands.Go(), ""));
        t.Add("$boot", "line len --", static f => { if (PropertyWords.PopText(f) is { } line) { Start(f, static (commands, text) => commands.Boot(text), line); } });
        t.Add("$load", "line len --", static f => { if (PropertyWords.PopText(f) is { } line) { Start(f, static (commands, text) => commands.Load(text), line); } });

        // What was loaded is prepared by `load` itself.
        t.Add("init-program", "--", static _ => { });
        t.Add("sync", "--", static _ => { });
    }

    private static void Boot(ForthEngine f, Func<Booting.IBootCommands, string, int> command)
    {
        ReadOnlySpan<byte> rest = f.Input.Rest(out _);
        int end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        string line = Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]).Trim();
        f.Input.Skip(end < 0 ? rest.Length : end);
        Start(f, command, line);
    }

    private static void Start(ForthEngine f, Func<Booting.IBootCommands, string, int> command, string line)
    {
        if (f.Firmware.BootCommands is not { } commands)
        {
            f.Throw(ThrowCode.NoBootCommands);
            return;
        }

        f.Output.Flush();
        int result = command(commands, line);
        if (result != 0)
        {
            f.Throw(result);
        }
        else if (f.Firmware.ControlTransferred)
        {
            // A boot script that starts nothing comes back here.
            f.Leave();
        }
    }

    private static void Request(ForthEngine f, PlatformRequest request)
    {
        f.Output.Flush();
        f.Firmware.Platform.Request(request, "");
        f.Pause();
    }

    private static IConfigurationVariables? Variables(ForthEngine f)
    {
        if (f.Firmware.Variables is { } variables)
        {
            return variables;
        }

        f.Throw(ThrowCode.NoSuchVariable);
        return null;
    }

    private static void Print(ForthEngine f)
    {
        if (Variables(f) is not { } variables)
        {
            return;
        }

        if (f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            string name = Encoding.Latin1.GetString(word);
            if (variables.Get(name) is not { } value)
            {
                f.Throw(ThrowCode.NoSuchVariable);
                return;
            }

            f.Output.Line($"{name} = {Visible(value)}");
            return;
        }

        f.Output.Line(TextOutput.Pad("Variable", 24) + TextOutput.Pad("Value", 28) + "Default");
        foreach (string name in variables.Names)
        {
            f.Charge(100);
            f.Output.Line((TextOutput.Pad(name, 24) + TextOutput.Pad(Visible(variables.Get(name) ?? ""), 28) + Visible(variables.DefaultOf(name) ?? "")).TrimEnd());
        }
    }

    private static string Visible(string value) => value.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Set(ForthEngine f)
    {
        if (!f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            f.Throw(ThrowCode.NoName);
            return;
        }

        string name = Encoding.Latin1.GetString(word);
        ReadOnlySpan<byte> rest = f.Input.Rest(out _);
        int end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        string value = Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]).Trim();
        f.Input.Skip(end < 0 ? rest.Length : end);
        Store(f, name, value);
    }

    private static void Store(ForthEngine f, string name, string value)
    {
        if (Variables(f) is not { } variables)
        {
            return;
        }

        if (variables.Get(name) == null && variables.DefaultOf(name) == null)
        {
            f.Throw(ThrowCode.NoSuchVariable);
        }
        else if (!variables.TrySet(name, value))
        {
            f.Throw(ThrowCode.BadVariable);
        }
    }

    private static void SetFromStack(ForthEngine f)
    {
        string? name = PropertyWords.PopText(f);
        string? value = PropertyWords.PopText(f, DataSpace.LongestText);
        if (name != null && value != null)
        {
            Store(f, name, value);
        }
    }

    private static void Get(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is not { } name)
        {
            return;
        }

        string? value = f.Firmware.Variables?.Get(name);
        if (value != null)
        {
            PropertyWords.PushText(f, value);
        }

        f.Push(value == null);
    }

    private static void SetDefault(ForthEngine f)
    {
        if (!f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            f.Throw(ThrowCode.NoName);
        }
        else if (Variables(f)?.TryReset(Encoding.Latin1.GetString(word)) == false)
        {
            f.Throw(ThrowCode.NoSuchVariable);
        }
    }

    private static void SetDefaults(ForthEngine f)
    {
        if (Variables(f) is { } variables)
        {
            foreach (string name in variables.Names.ToArray())
            {
                _ = variables.TryReset(name);
            }
        }
    }

    private static void PushVariable(ForthEngine f)
    {
        if (PropertyWords.PopText(f) is { } name && !TryPushVariable(f, name))
        {
            f.Throw(ThrowCode.NoSuchVariable);
        }
    }

    /// <summary>`nvalias name path`: an alias now, and a line of `nvramrc` that makes it at each start (IEEE 1275-1994 7.4.4.2).</summary>
    private static void AddAlias(ForthEngine f)
    {
        string? name = f.Compiler.ParseName();
        if (name == null || !f.Input.TryParseWord(out ReadOnlySpan<byte> word))
        {
            f.Throw(ThrowCode.NoName);
            return;
        }

        string path = Encoding.Latin1.GetString(word);
        if (Variables(f) is not { } variables || !BrowsingWords.TrySetAlias(f, name, path))
        {
            return;
        }

        string script = WithoutAlias(variables.Get("nvramrc") ?? "", name, out _) + string.Create(CultureInfo.InvariantCulture, $"devalias {name} {path}\n");
        if (!variables.TrySet("nvramrc", script) || !variables.TrySet("use-nvramrc?", "true"))
        {
            f.Throw(ThrowCode.BadVariable);
        }
    }

    private static void RemoveAlias(ForthEngine f)
    {
        string? name = f.Compiler.ParseName();
        if (name == null || Variables(f) is not { } variables)
        {
            return;
        }

        string script = WithoutAlias(variables.Get("nvramrc") ?? "", name, out bool found);
        if (found && !variables.TrySet("nvramrc", script))
        {
            f.Throw(ThrowCode.BadVariable);
        }

        if (found)
        {
            _ = f.Firmware.Tree.Root.Child("aliases")?.RemoveProperty(name);
        }
    }

    private static string WithoutAlias(string script, string name, out bool found)
    {
        StringBuilder rest = new();
        found = false;
        foreach (string line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["devalias", { } alias, ..] && string.Equals(alias, name, StringComparison.OrdinalIgnoreCase))
            {
                found = true;
                continue;
            }

            rest.Append(line).Append('\n');
        }

        return rest.ToString();
    }
}

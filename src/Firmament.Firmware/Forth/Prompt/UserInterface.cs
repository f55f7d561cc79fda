using System.Text;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Forth.Words;

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>
/// The user interface (IEEE 1275-1994 chapter 7): the script in NVRAM, the automatic boot, and the "ok" prompt. Its driver calls <see cref="Step"/>
/// while no client runs; between two calls its state can be saved.
/// </summary>
public sealed class UserInterface : IStateful
{
    private const string DefaultBootCommand = "boot";
    private const int MostTexts = 8;

    private readonly OpenFirmware _firmware;
    private readonly ForthSystem _system;
    private readonly IFirmwareConsole _console;
    private readonly LineEditor _editor = new();
    private readonly List<string> _texts = [];
    private ForthEngine? _engine;
    private bool _started;
    private bool _executing;
    private bool _editing;

    /// <summary>Makes the user interface of a firmware that is installed.</summary>
    /// <param name="firmware">The firmware; <see cref="OpenFirmware.Install"/> has been called.</param>
    /// <param name="console">Where it is typed and printed.</param>
    public UserInterface(OpenFirmware firmware, IFirmwareConsole console)
    {
        _firmware = firmware;
        _console = console;
        _system = firmware.Forth as ForthSystem ?? throw new ArgumentException("install the firmware first", nameof(firmware));
    }

    /// <summary>When a program that sleeps wants to go on; null when only input will make a difference.</summary>
    public VirtualTime? WakeTime => _executing ? Forth.Waiting.Wake : null;

    private ForthEngine Forth
    {
        get
        {
            if (_engine != _system.Engine)
            {
                // A saved state brings an engine of its own.
                _engine = _system.Engine;
                _engine.Output.Console = _console;
                _editor.Forth = _engine;
            }

            return _engine;
        }
    }

    /// <summary>
    /// Begins: the banner; then <paramref name="script"/>; then the variable `nvramrc` if `use-nvramrc?` is true; then the variable `boot-command`
    /// if `auto-boot?` is true; then the prompt, unless a client has been started.
    /// </summary>
    /// <param name="script">Forth text; null for none.</param>
    public void Start(string? script = null)
    {
        _texts.Clear();
        (_started, _executing, _editing) = (true, false, false);
        if (Forth.Memory.TryClaim())
        {
            Banner.Show(Forth);
            Forth.Output.CarriageReturn();
        }

        AddText(script);
        if (_firmware.Variables?.Get("use-nvramrc?") == "true")
        {
            AddText(_firmware.Variables.Get("nvramrc"));
        }

        if (_firmware.Variables?.Get("auto-boot?") == "true")
        {
            AddText(_firmware.Variables.Get("boot-command") is { Length: > 0 } command ? command : DefaultBootCommand);
        }
    }

    /// <summary>Begins at the prompt: a client entered the user interface, or returned.</summary>
    public void Enter()
    {
        if (_executing)
        {
            Forth.EndTop(clearStack: false);
        }

        _texts.Clear();
        (_started, _executing, _editing) = (true, false, false);

        // Wherever the client left the cursor.
        Forth.Output.CarriageReturn();
    }

    /// <summary>Goes on, for at most so many steps of Forth.</summary>
    /// <param name="maxSteps">At least 1.</param>
    public UserInterfaceState Step(int maxSteps)
    {
        if (!_started)
        {
            Start();
        }

        ForthEngine forth = Forth;
        UserInterfaceState state = _executing ? Execute(forth, maxSteps) : Prompt(forth, maxSteps);
        forth.Output.Flush();
        return state;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("started", ref _started);
        state.Field("executing", ref _executing);
        state.Field("editing", ref _editing);
        int count = _texts.Count;
        state.Field("texts", ref count);
        count = Math.Clamp(count, 0, MostTexts);
        for (int i = 0; i < count; i++)
        {
            string text = i < _texts.Count ? _texts[i] : "";
            state.Text("text", ref text);
            if (i < _texts.Count)
            {
                _texts[i] = text;
            }
            else
            {
                _texts.Add(text);
            }
        }

        _texts.RemoveRange(count, _texts.Count - count);
        state.Component("editor", _editor);
    }

    private void AddText(string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            _texts.Add(text);
        }
    }

    private UserInterfaceState Prompt(ForthEngine forth, int maxSteps)
    {
        if (_texts.Count > 0)
        {
            string text = _texts[0];
            _texts.RemoveAt(0);
            return Run(forth, text, isLine: false, maxSteps);
        }

        if (!_editing)
        {
            _editing = true;
            _editor.Begin(forth.Compiler.IsCompiling ? "] " : "ok ");
        }

        while (forth.Terminal.TryRead(out byte character))
        {
            if (_editor.Feed(character))
            {
                _editing = false;
                return Run(forth, _editor.Line, isLine: true, maxSteps);
            }
        }

        return UserInterfaceState.Waiting;
    }

    private UserInterfaceState Run(ForthEngine forth, string text, bool isLine, int maxSteps)
    {
        if (!forth.TryBeginTop(out int error))
        {
            Report(forth, error, "");
            return UserInterfaceState.Running;
        }

        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (isLine)
        {
            _ = forth.Memory.TryWrite(forth.Memory.Input, bytes);
            forth.Input.Push(forth.Memory.Input, (uint)bytes.Length, 0);
        }
        else
        {
            forth.Input.PushCopy(bytes, -1);
        }

        _executing = true;
        forth.StartAt(forth.InterpretCode);
        return Execute(forth, maxSteps);
    }

    private UserInterfaceState Execute(ForthEngine forth, int maxSteps)
    {
        if (forth.Terminal.TakeInterrupt())
        {
            forth.ThrowUncaught(ThrowCode.UserInterrupt);
        }

        forth.Continue(Math.Max(maxSteps, 1));
        switch (forth.Run())
        {
            case RunOutcome.OutOfSteps or RunOutcome.Running:
                return UserInterfaceState.Running;
            case RunOutcome.Blocked:
                return UserInterfaceState.Waiting;
            case RunOutcome.Left:
                forth.EndTop(clearStack: false);
                (_executing, _editing) = (false, false);
                _texts.Clear();
                return UserInterfaceState.Left;
            default:
                _executing = false;
                bool failed = forth.Result is not (0 or ThrowCode.Quit);
                forth.EndTop(clearStack: failed);
                Report(forth, forth.Result, forth.Culprit);
                return UserInterfaceState.Running;
        }
    }

    private static void Report(ForthEngine forth, int result, string culprit)
    {
        forth.Output.FreshLine();
        switch (result)
        {
            case 0 or ThrowCode.Abort or ThrowCode.Quit:
                break;
            case ThrowCode.AbortMessage:
                forth.Output.Line(culprit);
                break;
            case ThrowCode.UserInterrupt:
                forth.Output.Line("Interrupted");
                break;
            default:
                forth.Output.Line((culprit.Length > 0 ? culprit + ": " : "") + ThrowCode.Describe(result));
                break;
        }
    }
}

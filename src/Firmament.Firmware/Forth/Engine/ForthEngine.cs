using Firmament.Core.State;
using Firmament.Firmware.Forth.Devices;
using Firmament.Firmware.Forth.FCode;
using Firmament.Firmware.Forth.Words;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>
/// The Forth virtual machine: stacks, code pointer, catch frames and what its words work on. Everything is explicit state, so that it can stop
/// between any two steps and go on later, perhaps in another process.
/// </summary>
/// <remarks>
/// Errors of the program being run are never exceptions of the host: a word sets <see cref="Fault"/>, and the inner interpreter throws it in Forth.
/// Source: ANS Forth X3.215-1994; IEEE 1275-1994 chapter 7.3. Cells have 32 bits.
/// </remarks>
internal sealed partial class ForthEngine : IStateful
{
    public const int DataCells = DataStack.Capacity;
    public const int ReturnCells = 4096;
    public const int MostCatches = 256;

    /// <summary>Most runs inside runs: Forth that calls C# that calls Forth.</summary>
    public const int MostNesting = 12;

    /// <summary>A return address is this with a code address in its low bits; anything else on the return stack is the program's.</summary>
    private const uint ReturnTag = 0x5b000000;
    private const int CodeMask = 0xffffff;

    private readonly int[] _data = new int[DataCells];
    private readonly int[] _return = new int[ReturnCells];
    private readonly CatchFrame[] _catches = new CatchFrame[MostCatches];
    private readonly WordBody[] _bodies;
    private readonly int[] _needs;
    private readonly DataStack?[] _methodStacks = new DataStack?[MostNesting + 1];
    private int _sp;
    private int _rp;
    private int _ip;
    private int _catchCount;
    private int _dataFloor;
    private int _returnFloor;
    private int _catchFloor;
    private int _sourceFloor;
    private uint _self;
    private long _steps;
    private int _fault;
    private bool _faultEndsRun;
    private int _next;
    private int _running;
    private int _nesting;
    private bool _mayBlock;
    private string _message = "";
    private string _culprit = "";
    private RunOutcome _outcome;

    public ForthEngine(OpenFirmware firmware)
    {
        Firmware = firmware;
        Memory = new DataSpace(firmware);
        Dictionary = new ForthDictionary();
        BuiltinWords builtins = BuiltinWords.Instance;
        _bodies = builtins.Bodies;
        _needs = builtins.Needs;
        builtins.AddTo(Dictionary);
        HaltCode = EmitBuiltin(Op.Halt);
        InterpretCode = EmitBuiltin(Op.InterpretStep, Op.Branch, (Op)(HaltCode + 1));
        FCodeCode = EmitBuiltin(Op.FCodeStep, Op.Branch, (Op)(InterpretCode + 3));
        CatchCode = EmitBuiltin(Op.CatchDone);
        RestoreSelfCode = EmitBuiltin(Op.RestoreSelf);
        DropTemporaryCode = EmitBuiltin(Op.DropTemporary);
        ExecuteCode = EmitBuiltin(Op.Execute, Op.Exit);
        CloseCode = EmitBuiltin(Op.RFrom, (Op)Dictionary.Words[builtins.WordOf("(close-and-true)")].Op, Op.Exit);
        MarkerCode = EmitBuiltin((Op)Dictionary.Words[builtins.WordOf("(marker)")].Op, Op.Exit);
        Dictionary.EndBuiltins();
        Compiler = new Compiler(this);
        Input = new InputSources(this);
        Output = new TextOutput(this);
        Numbers = new NumberOutput(this);
        Terminal = new TerminalInput(this);
        Waiting = new Waiting(this);
        Devices = new DeviceContext(this);
        FCode = new FCodeEvaluator(this);
    }

    public OpenFirmware Firmware { get; }

    public DataSpace Memory { get; }

    public ForthDictionary Dictionary { get; }

    public Compiler Compiler { get; }

    public InputSources Input { get; }

    public TextOutput Output { get; }

    public NumberOutput Numbers { get; }

    public TerminalInput Terminal { get; }

    public Waiting Waiting { get; }

    public DeviceContext Devices { get; }

    public FCodeEvaluator FCode { get; }

    /// <summary>Code that ends a run.</summary>
    public int HaltCode { get; }

    /// <summary>Code that interprets the current source to its end and returns.</summary>
    public int InterpretCode { get; }

    /// <summary>Code that evaluates the current FCode program to its end and returns.</summary>
    public int FCodeCode { get; }

    /// <summary>What the last run ended with: 0, or the code nobody caught.</summary>
    public int Result { get; private set; }

    /// <summary>The word being interpreted when <see cref="Result"/> was thrown, or the text of `abort"`; "" when there is none.</summary>
    public string Culprit => _culprit;

    public string Message
    {
        get => _message;
        set => _message = value;
    }

    /// <summary>The throw code a word has set, 0 for none.</summary>
    public int Fault => _fault;

    /// <summary>`my-self`: an ihandle, or 0.</summary>
    public uint Self
    {
        get => _self;
        set => _self = value;
    }

    /// <summary>Cells on the data stack that the present run may see.</summary>
    public int Depth => _sp - _dataFloor;

    public int CatchCode { get; }

    public int RestoreSelfCode { get; }

    public int DropTemporaryCode { get; }

    /// <summary>Code that executes the xt on the stack and returns.</summary>
    public int ExecuteCode { get; }

    /// <summary>Code that closes the instance on the return stack, pushes true and returns.</summary>
    public int CloseCode { get; }

    /// <summary>Code that a marker runs.</summary>
    public int MarkerCode { get; }

    /// <summary>True where a word that finds nothing to read may stop the run and try again later.</summary>
    public bool MayBlock => _mayBlock;

    /// <summary>How deep runs are nested; 0 when nothing runs.</summary>
    public int Nesting => _nesting;

    /// <summary>Sets the throw code; the first one counts.</summary>
    public void Throw(int code) => _fault = _fault != 0 ? _fault : code;

    /// <summary>Ends the run whatever would catch it.</summary>
    public void ThrowUncaught(int code)
    {
        Throw(code);
        _faultEndsRun = true;
    }

    public void Push(int value)
    {
        if (_sp >= DataCells)
        {
            Throw(ThrowCode.StackOverflow);
            return;
        }

        _data[_sp++] = value;
    }

    public void Push(uint value) => Push((int)value);

    public void Push(bool flag) => Push(flag ? -1 : 0);

    /// <summary>Pushes a double-cell number, low cell first.</summary>
    public void PushDouble(long value)
    {
        Push((int)value);
        Push((int)(value >> 32));
    }

    public int Pop()
    {
        if (_sp <= _dataFloor)
        {
            Throw(ThrowCode.StackUnderflow);
            return 0;
        }

        return _data[--_sp];
    }

    public uint PopUnsigned() => (uint)Pop();

    public long PopDouble()
    {
        int high = Pop();
        return ((long)high << 32) | (uint)Pop();
    }

    /// <summary>The cell <paramref name="index"/> below the top, which is 0; the caller knows that it is there.</summary>
    public int Peek(int index) => _data[_sp - 1 - index];

    /// <summary>Replaces a cell.</summary>
    public void Poke(int index, int value) => _data[_sp - 1 - index] = value;

    public void PushReturn(int value)
    {
        if (_rp >= ReturnCells)
        {
            Throw(ThrowCode.ReturnOverflow);
            return;
        }

        _return[_rp++] = value;
    }

    public int PopReturn()
    {
        if (_rp <= _returnFloor)
        {
            Throw(ThrowCode.ReturnUnderflow);
            return 0;
        }

        return _return[--_rp];
    }

    /// <summary>Lets a word that was called from code go on there later, and runs code elsewhere first.</summary>
    public void CallCode(int address)
    {
        PushReturn(ReturnAddress(_ip));
        _ip = address;
    }

    /// <summary>Runs code once that is dropped afterwards.</summary>
    public void RunTemporary(int start, int end)
    {
        PushReturn(ReturnAddress(_ip));
        PushReturn(start);
        PushReturn(end);
        PushReturn(ReturnAddress(DropTemporaryCode));
        _ip = start;
    }

    /// <summary>Interprets text of the firmware's own.</summary>
    public void Evaluate(string text)
    {
        CallCode(InterpretCode);
        Input.PushCopy(TextOutput.Bytes(text), -1);
    }

    /// <summary>Returns from the running code.</summary>
    public void ReturnFromCode()
    {
        int address = PopReturn();
        if (((uint)address & ~(uint)CodeMask) != ReturnTag)
        {
            Throw(ThrowCode.ReturnImbalance);
            return;
        }

        _ip = address & CodeMask;
    }

    /// <summary>Runs a word as soon as the present one is done.</summary>
    public void ExecuteNext(int word) => _next = ~word;

    /// <summary>Runs the word of an xt as soon as the present one is done; throws for what is none.</summary>
    public void ExecuteToken(int token)
    {
        int word = Dictionary.WordOf(token);
        if (word < 0)
        {
            Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        _next = ~word;
    }

    /// <summary>Runs a word with another `my-self`, and sets the present one again afterwards.</summary>
    public void ExecuteNext(int word, uint self)
    {
        PushReturn(ReturnAddress(_ip));
        PushReturn((int)_self);
        _ip = RestoreSelfCode;
        _self = self;
        _next = ~word;
    }

    /// <summary>The end of <see cref="ExecuteNext(int, uint)"/>.</summary>
    public void RestoreSelf()
    {
        _self = (uint)PopReturn();
        ReturnFromCode();
    }

    /// <summary>After the method that is called next returns, its instance is closed and true pushed.</summary>
    public void CloseAfterCall(uint ihandle)
    {
        PushReturn(ReturnAddress(_ip));
        PushReturn((int)ihandle);
        _ip = CloseCode;
    }

    /// <summary>The newest word runs the code that follows, and the running definition ends.</summary>
    public void DoesHere() => Compiler.Does(_ip);

    /// <summary>Counts work that takes longer than a step.</summary>
    public void Charge(long steps) => _steps -= Math.Max(steps, 0);

    /// <summary>Stops the run; the word runs again when it goes on, so it must not have taken anything from the stack.</summary>
    public void BlockAndRetry()
    {
        _next = _running;
        _outcome = RunOutcome.Blocked;
    }

    /// <summary>Lets the driver act on what was asked of the machine before the run goes on.</summary>
    public void Pause()
    {
        if (_mayBlock)
        {
            _outcome = RunOutcome.Blocked;
        }
    }

    /// <summary>Stops the run for good: a client has the processor.</summary>
    public void Leave() => _outcome = RunOutcome.Left;

    private static int ReturnAddress(int ip) => (int)(ReturnTag | (uint)ip);

    private int EmitBuiltin(params ReadOnlySpan<Op> ops)
    {
        int address = Dictionary.CodeCount;
        foreach (Op op in ops)
        {
            _ = Dictionary.TryEmit((int)op);
        }

        return address;
    }
}

using System.Globalization;
using Firmament.Core.Tracing;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Engine;

/// <content>Exceptions (ANS Forth X3.215 9), and runs inside runs.</content>
internal sealed partial class ForthEngine
{
    private const int StepsOfThrow = 50;

    /// <summary>`catch`: executes an xt; what is thrown meanwhile comes back here.</summary>
    public void Catch(int token)
    {
        if (_catchCount >= MostCatches)
        {
            Throw(ThrowCode.ReturnOverflow);
            return;
        }

        CallCode(CatchCode);
        _catches[_catchCount++] = new CatchFrame
        {
            Ip = _return[_rp - 1] & CodeMask,
            ReturnDepth = _rp - 1,
            DataDepth = _sp,
            Sources = Input.Count,
            Self = _self,
        };

        // The word returns to the code that ends the catch.
        ExecuteToken(token);
    }

    /// <summary>The word under `catch` came to its end.</summary>
    public void EndCatch()
    {
        if (_catchCount <= _catchFloor || _catches[_catchCount - 1].ReturnDepth != _rp - 1)
        {
            Throw(ThrowCode.ReturnImbalance);
            return;
        }

        _catchCount--;
        Push(0);
        ReturnFromCode();
    }

    /// <summary>Starts a run inside whatever runs now. False, with the throw code, when runs are nested too deep or there is no memory.</summary>
    public bool TryBegin(out Activation saved, GuestAddressSpace space, uint self, long steps, bool mayBlock, out int error)
    {
        saved = new Activation(
            _ip, _dataFloor, _returnFloor, _catchFloor, _sourceFloor, _sp, _rp, _catchCount, _self, _steps, _mayBlock, Memory.Space, _outcome, _next, 0);
        error = _nesting >= MostNesting ? ThrowCode.NestingTooDeep : Memory.TryClaim() ? 0 : ThrowCode.DictionaryOverflow;
        if (error != 0)
        {
            return false;
        }

        // Runs of a program share its steps; what the prompt runs has none to share, since the user can stop it.
        steps = _nesting > 0 && !_mayBlock ? Math.Min(steps, Math.Max(_steps, 0)) : steps;
        saved = saved with { Given = steps };
        _nesting++;
        (_dataFloor, _returnFloor, _catchFloor, _sourceFloor) = (_sp, _rp, _catchCount, Input.Count);
        (_self, _steps, _mayBlock, _fault, _next) = (self, steps, mayBlock, 0, 0);
        Memory.Space = space;
        _outcome = RunOutcome.Running;
        PushReturn(ReturnAddress(HaltCode));
        return true;
    }

    /// <summary>Goes back to what ran before.</summary>
    public void End(in Activation saved)
    {
        Input.DropTo(_sourceFloor);
        _nesting--;
        (_ip, _dataFloor, _returnFloor, _catchFloor, _sourceFloor) = (saved.Ip, saved.DataFloor, saved.ReturnFloor, saved.CatchFloor, saved.SourceFloor);
        (_sp, _rp, _catchCount, _self, _steps, _mayBlock) = (saved.Sp, saved.Rp, saved.CatchCount, saved.Self, saved.MayBlock ? saved.Steps : saved.Steps - (saved.Given - _steps), saved.MayBlock);
        (Memory.Space, _outcome, _next, _fault, _faultEndsRun) = (saved.Space, saved.Outcome, saved.Next, 0, false);
        Output.Flush();
    }

    /// <summary>Starts a run of the user's, who sees the whole stack. Nothing else may be running.</summary>
    public bool TryBeginTop(out int error)
    {
        if (!TryBegin(out _, Firmware.Physical, _self, 0, mayBlock: true, out error))
        {
            return false;
        }

        _dataFloor = 0;
        return true;
    }

    /// <summary>Ends a run of the user's.</summary>
    public void EndTop(bool clearStack)
    {
        Input.DropTo(0);
        Waiting.Reset();
        (_nesting, _rp, _catchCount, _dataFloor, _returnFloor, _catchFloor, _sourceFloor) = (0, 0, 0, 0, 0, 0, 0);
        (_mayBlock, _fault, _faultEndsRun, _next) = (false, 0, false, 0);
        _sp = clearStack ? 0 : _sp;
    }

    /// <summary>Lets the run start with code.</summary>
    public void StartAt(int code) => _ip = code;

    /// <summary>Lets the run start with a word; what it takes is on the stack already.</summary>
    public void StartWith(int word)
    {
        Push(ForthDictionary.TokenOf(word));
        _ip = ExecuteCode;
    }

    /// <summary>Runs until the run ends, blocks or has used its steps.</summary>
    public RunOutcome Run()
    {
        _outcome = RunOutcome.Running;
        RunOutcome outcome = Execute();
        Output.Flush();
        return outcome;
    }

    /// <summary>Runs to the end, waiting where it has to; more steps than it was given end it.</summary>
    /// <returns>A catch result.</returns>
    public int RunToEnd()
    {
        RunOutcome outcome = Run();
        if (outcome == RunOutcome.OutOfSteps)
        {
            TraceLimit();
            AbandonCompilation();
            return ThrowCode.StepLimit;
        }

        return outcome == RunOutcome.Left ? 0 : Result;
    }

    /// <summary>Moves what the run left on the stack to another.</summary>
    public void PopAll(DataStack stack)
    {
        for (int i = _dataFloor; i < _sp; i++)
        {
            stack.Push((uint)_data[i]);
        }

        _sp = _dataFloor;
    }

    /// <summary>Gives a run that used its steps more of them.</summary>
    public void Continue(long steps) => _steps = steps;

    /// <summary>The stack of a method written in C#, with the top cells of this one on it.</summary>
    public DataStack BeginHostCall(out int passed)
    {
        DataStack stack = _methodStacks[_nesting] ??= new DataStack();
        stack.Clear();
        passed = Math.Min(Depth, 64);
        for (int i = _sp - passed; i < _sp; i++)
        {
            stack.Push((uint)_data[i]);
        }

        return stack;
    }

    /// <summary>Takes what the method left.</summary>
    public void EndHostCall(DataStack stack, int passed, int result)
    {
        _sp -= passed;
        Span<uint> cells = stackalloc uint[DataStack.Capacity];
        int count = stack.Depth;
        for (int i = count - 1; i >= 0; i--)
        {
            cells[i] = stack.Pop();
        }

        for (int i = 0; i < count; i++)
        {
            Push(cells[i]);
        }

        if (result != 0)
        {
            Throw(result);
        }
    }

    /// <summary>Throws in Forth what a word has set.</summary>
    private void Unwind()
    {
        int code = _fault;
        _fault = 0;
        _next = 0;
        _outcome = RunOutcome.Running;
        _steps -= StepsOfThrow;
        if (_catchCount > _catchFloor && !_faultEndsRun)
        {
            ref CatchFrame frame = ref _catches[--_catchCount];
            _rp = Math.Clamp(frame.ReturnDepth, _returnFloor, ReturnCells);
            _sp = Math.Clamp(frame.DataDepth, _dataFloor, DataCells - 1);
            _ip = frame.Ip;
            _self = frame.Self;
            Input.DropTo(Math.Max(frame.Sources, _sourceFloor));
            Push(code);
            return;
        }

        Result = code;
        _culprit = code == ThrowCode.AbortMessage ? _message : Input.CurrentWord;
        if (code == ThrowCode.AbortMessage && !_mayBlock && _nesting == 1)
        {
            // The prompt reports it itself; a client's user would never see it.
            Output.Line(_message);
        }

        _catchCount = _catchFloor;
        _faultEndsRun = false;
        AbandonCompilation();
        Input.DropTo(_sourceFloor);
        if (code == ThrowCode.StepLimit)
        {
            TraceLimit();
        }

        _outcome = RunOutcome.Finished;
    }

    /// <summary>A half-made definition is lost with the run that was making it, unless an outer one makes it.</summary>
    private void AbandonCompilation()
    {
        if (_nesting <= 1)
        {
            Compiler.Abandon();
        }
    }

    /// <summary>What was started came to its end.</summary>
    internal void Halt()
    {
        Result = 0;
        _culprit = "";
        _outcome = RunOutcome.Finished;
    }

    /// <summary>Shows a method that Forth called, or whose Forth the firmware called.</summary>
    public void TraceCall(Instance instance, ReadOnlySpan<byte> method, int result)
    {
        Tracer tracer = Firmware.Platform.Tracer;
        if (tracer.IsEnabled(TraceCategory.Firmware))
        {
            tracer.Write(TraceCategory.Firmware, "forth", "call-method", [
                new("method", "\"" + System.Text.Encoding.Latin1.GetString(method) + "\""),
                new("ihandle", string.Create(CultureInfo.InvariantCulture, $"0x{instance.Ihandle:x}({instance.Path(withInterposed: true)})")),
                new("catch-result", result.ToString(CultureInfo.InvariantCulture)),
            ]);
        }
    }

    private void TraceLimit() => Firmware.Platform.Tracer.GuestError(
        "forth", string.Create(CultureInfo.InvariantCulture, $"stopped after {Firmware.Options.ForthSteps} steps at \"{Input.CurrentWord}\""));
}

namespace Firmament.Firmware.Forth.Engine;

/// <content>
/// Control structures. Outside a definition they compile into code that runs once, when the outermost structure ends, and is dropped
/// (IEEE 1275-1994 7.3.8).
/// </content>
internal sealed partial class Compiler
{
    public void If()
    {
        Enter();
        Emit(Op.BranchZero);
        PushForward(ControlKind.Origin);
    }

    public void Ahead()
    {
        Enter();
        Emit(Op.Branch);
        PushForward(ControlKind.Origin);
    }

    public void Else()
    {
        if (TryPop(ControlKind.Origin, out ControlItem origin))
        {
            Emit(Op.Branch);
            PushForward(ControlKind.Origin);
            Patch(origin.Address);
        }
    }

    public void Then()
    {
        if (TryPop(ControlKind.Origin, out ControlItem origin))
        {
            Patch(origin.Address);
            Leave();
        }
    }

    public void Begin()
    {
        Enter();
        Push(new ControlItem(ControlKind.Destination, Dictionary.CodeCount));
    }

    public void Until() => BranchBack(Op.BranchZero);

    public void Again() => BranchBack(Op.Branch);

    /// <summary>Puts its branch below the loop's start, where `repeat` finds both.</summary>
    public void While()
    {
        if (TryPop(ControlKind.Destination, out ControlItem start))
        {
            Emit(Op.BranchZero);
            PushForward(ControlKind.Origin);
            Push(start);
        }
    }

    public void Repeat()
    {
        if (TryPop(ControlKind.Destination, out ControlItem start))
        {
            Emit(Op.Branch);
            Emit(start.Address);
            if (TryPop(ControlKind.Origin, out ControlItem origin))
            {
                Patch(origin.Address);
                Leave();
            }
        }
    }

    public void Do(bool question)
    {
        Enter();
        Emit(question ? Op.QuestionDo : Op.Do);
        int exit = 0;
        if (question)
        {
            exit = Dictionary.CodeCount;
            Emit(0);
        }

        _loops++;
        Push(new ControlItem(ControlKind.Loop, Dictionary.CodeCount, exit));
    }

    public void Loop(Op op)
    {
        if (!TryPop(ControlKind.Loop, out ControlItem loop))
        {
            return;
        }

        Emit(op);
        Emit(loop.Address);
        if (loop.Extra != 0)
        {
            Patch(loop.Extra);
        }

        while (_leaves.Count > 0 && _leaves[^1].Extra == _loops)
        {
            Patch(_leaves[^1].Address);
            _leaves.RemoveAt(_leaves.Count - 1);
        }

        _loops--;
        Leave();
    }

    /// <summary>`leave`, and `?leave` with its test.</summary>
    public void LeaveLoop(bool conditional)
    {
        if (_loops == 0 || _leaves.Count >= MostControls)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return;
        }

        int skip = 0;
        if (conditional)
        {
            Emit(Op.BranchZero);
            skip = Dictionary.CodeCount;
            Emit(0);
        }

        Emit(Op.Unloop);
        Emit(Op.Branch);
        _leaves.Add(new ControlItem(ControlKind.Origin, Dictionary.CodeCount, _loops));
        Emit(0);
        if (conditional)
        {
            Patch(skip);
        }
    }

    public void Case()
    {
        Enter();
        Push(new ControlItem(ControlKind.Case, 0));
    }

    public void Of()
    {
        Emit(Op.Of);
        PushForward(ControlKind.Of);
    }

    public void EndOf()
    {
        if (TryPop(ControlKind.Of, out ControlItem of))
        {
            Emit(Op.Branch);
            PushForward(ControlKind.EndOf);
            Patch(of.Address);
        }
    }

    public void EndCase()
    {
        Emit(Op.Drop);
        while (_controls.Count > 0 && _controls[^1].Kind == ControlKind.EndOf)
        {
            _ = TryPop(ControlKind.EndOf, out ControlItem end);
            Patch(end.Address);
        }

        if (TryPop(ControlKind.Case, out _))
        {
            Leave();
        }
    }

    /// <summary>`cs-pick` (X3.215 15.6.2.1015).</summary>
    public void PickControl(int index)
    {
        if ((uint)index >= (uint)_controls.Count)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return;
        }

        Push(_controls[^(index + 1)]);
    }

    /// <summary>`cs-roll` (X3.215 15.6.2.1020).</summary>
    public void RollControl(int index)
    {
        if ((uint)index >= (uint)_controls.Count)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return;
        }

        ControlItem item = _controls[^(index + 1)];
        _controls.RemoveAt(_controls.Count - index - 1);
        _controls.Add(item);
    }

    /// <summary>Stores the present code address into a branch.</summary>
    public void Patch(int address) => Dictionary.Code[address] = Dictionary.CodeCount;

    /// <summary>The program made by a structure outside a definition ended: forget its code.</summary>
    public void DropTemporary()
    {
        int end = _forth.PopReturn();
        int start = _forth.PopReturn();
        if (Dictionary.CodeCount == end)
        {
            Dictionary.TruncateCode(start);
        }

        _forth.ReturnFromCode();
    }

    private void Enter()
    {
        // Between `[` and `]` of a definition too, structures belong to the definition.
        if (_compiling || _definition >= 0)
        {
            return;
        }

        _temporary = true;
        _definitionCode = Dictionary.CodeCount;
        IsCompiling = true;
    }

    private void Leave()
    {
        if (!_temporary || _controls.Count > 0)
        {
            return;
        }

        Emit(Op.Exit);
        _temporary = false;
        IsCompiling = false;
        int start = _definitionCode;
        _forth.RunTemporary(start, Dictionary.CodeCount);
    }

    private void BranchBack(Op op)
    {
        if (TryPop(ControlKind.Destination, out ControlItem start))
        {
            Emit(op);
            Emit(start.Address);
            Leave();
        }
    }

    private void PushForward(ControlKind kind)
    {
        Push(new ControlItem(kind, Dictionary.CodeCount));
        Emit(0);
    }

    private void Push(ControlItem item)
    {
        if (_controls.Count >= MostControls)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return;
        }

        _controls.Add(item);
    }

    private bool TryPop(ControlKind kind, out ControlItem item)
    {
        item = _controls.Count > 0 ? _controls[^1] : default;
        if (_controls.Count == 0 || item.Kind != kind)
        {
            _forth.Throw(ThrowCode.ControlMismatch);
            return false;
        }

        _controls.RemoveAt(_controls.Count - 1);
        return true;
    }
}

namespace Firmament.Firmware.Forth.Engine;

/// <content>The inner interpreter.</content>
internal sealed partial class ForthEngine
{
    /// <summary>
    /// Runs until what was started ends, blocks or has used its steps. Locals mirror the fields while only operations of the loop run; every other
    /// word sees and may change the fields.
    /// </summary>
    private RunOutcome Execute()
    {
        if (_fault != 0)
        {
            Unwind();
            if (_outcome != RunOutcome.Running)
            {
                return _outcome;
            }
        }

        int[] data = _data;
        int[] stack = _return;
        int[] code = Dictionary.Code;
        int codeCount = Dictionary.CodeCount;
        int sp = _sp;
        int rp = _rp;
        int ip = _ip;
        int one = _dataFloor + 1;
        int two = one + 1;
        int returnFloor = _returnFloor;
        long steps = _steps;
        int fault;
        int cell = _next;
        _next = 0;
        if (cell != 0)
        {
            goto Dispatch;
        }

    Fetch:
        if (--steps < 0)
        {
            (_sp, _rp, _ip, _steps) = (sp, rp, ip, 0);
            return RunOutcome.OutOfSteps;
        }

        if ((uint)ip >= (uint)codeCount)
        {
            fault = ThrowCode.ReturnImbalance;
            goto Raise;
        }

        cell = code[ip++];
    Dispatch:
        switch ((Op)cell)
        {
            case Op.Literal:
                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp++] = ip < code.Length ? code[ip++] : 0;
                goto Fetch;
            case Op.Branch:
                ip = code[ip];
                goto Fetch;
            case Op.BranchZero:
                if (sp < one)
                {
                    goto Underflow;
                }

                ip = data[--sp] == 0 ? code[ip] : ip + 1;
                goto Fetch;
            case Op.Do:
                if (sp < two)
                {
                    goto Underflow;
                }

                if (rp + 2 > ReturnCells)
                {
                    goto ReturnOverflow;
                }

                sp -= 2;
                stack[rp++] = data[sp];
                stack[rp++] = data[sp + 1];
                goto Fetch;
            case Op.QuestionDo:
                if (sp < two)
                {
                    goto Underflow;
                }

                if (rp + 2 > ReturnCells)
                {
                    goto ReturnOverflow;
                }

                sp -= 2;
                if (data[sp] == data[sp + 1])
                {
                    ip = code[ip];
                    goto Fetch;
                }

                stack[rp++] = data[sp];
                stack[rp++] = data[sp + 1];
                ip++;
                goto Fetch;
            case Op.Loop:
                if (rp < returnFloor + 2)
                {
                    goto ReturnUnderflow;
                }

                if (++stack[rp - 1] != stack[rp - 2])
                {
                    ip = code[ip];
                    goto Fetch;
                }

                rp -= 2;
                ip++;
                goto Fetch;
            case Op.PlusLoop:
                if (sp < one)
                {
                    goto Underflow;
                }

                if (rp < returnFloor + 2)
                {
                    goto ReturnUnderflow;
                }

                {
                    // The loop ends when the index passes between limit - 1 and limit (X3.215 6.1.0140): when index - limit changes its sign,
                    // unless the step went round the other way.
                    int increment = data[--sp];
                    int before = stack[rp - 1] - stack[rp - 2];
                    int after = before + increment;
                    stack[rp - 1] += increment;
                    if (((before ^ after) & (before ^ increment)) >= 0)
                    {
                        ip = code[ip];
                        goto Fetch;
                    }
                }

                rp -= 2;
                ip++;
                goto Fetch;
            case Op.Of:
                if (sp < two)
                {
                    goto Underflow;
                }

                sp--;
                if (data[sp] != data[sp - 1])
                {
                    ip = code[ip];
                    goto Fetch;
                }

                sp--;
                ip++;
                goto Fetch;
            case Op.Unloop:
                if (rp < returnFloor + 2)
                {
                    goto ReturnUnderflow;
                }

                rp -= 2;
                goto Fetch;
            case Op.I:
            case Op.RFetch:
                if (rp <= returnFloor)
                {
                    goto ReturnUnderflow;
                }

                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp++] = stack[rp - 1];
                goto Fetch;
            case Op.J:
                if (rp < returnFloor + 4)
                {
                    goto ReturnUnderflow;
                }

                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp++] = stack[rp - 3];
                goto Fetch;
            case Op.Exit:
                if (rp <= returnFloor)
                {
                    goto ReturnUnderflow;
                }

                ip = stack[--rp];
                if (((uint)ip & ~(uint)CodeMask) != ReturnTag)
                {
                    ip = 0;
                    fault = ThrowCode.ReturnImbalance;
                    goto Raise;
                }

                ip &= CodeMask;
                goto Fetch;
            case Op.Execute:
                if (sp < one)
                {
                    goto Underflow;
                }

                cell = ~Dictionary.WordOf(data[--sp]);
                if (cell < 0)
                {
                    goto Dispatch;
                }

                fault = ThrowCode.UnsupportedOperation;
                goto Raise;
            case Op.Dup:
                if (sp < one)
                {
                    goto Underflow;
                }

                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp] = data[sp - 1];
                sp++;
                goto Fetch;
            case Op.QuestionDup:
                if (sp < one)
                {
                    goto Underflow;
                }

                if (data[sp - 1] == 0)
                {
                    goto Fetch;
                }

                cell = (int)Op.Dup;
                goto Dispatch;
            case Op.Drop:
                if (sp < one)
                {
                    goto Underflow;
                }

                sp--;
                goto Fetch;
            case Op.Swap:
                if (sp < two)
                {
                    goto Underflow;
                }

                (data[sp - 1], data[sp - 2]) = (data[sp - 2], data[sp - 1]);
                goto Fetch;
            case Op.Over:
                if (sp < two)
                {
                    goto Underflow;
                }

                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp] = data[sp - 2];
                sp++;
                goto Fetch;
            case Op.ToR:
                if (sp < one)
                {
                    goto Underflow;
                }

                if (rp >= ReturnCells)
                {
                    goto ReturnOverflow;
                }

                stack[rp++] = data[--sp];
                goto Fetch;
            case Op.RFrom:
                if (rp <= returnFloor)
                {
                    goto ReturnUnderflow;
                }

                if (sp >= DataCells)
                {
                    goto Overflow;
                }

                data[sp++] = stack[--rp];
                goto Fetch;
            case Op.Noop:
                goto Fetch;
            case Op.Plus:
                if (sp < two)
                {
                    goto Underflow;
                }

                sp--;
                data[sp - 1] += data[sp];
                goto Fetch;
            case Op.OnePlus:
                if (sp < one)
                {
                    goto Underflow;
                }

                data[sp - 1]++;
                goto Fetch;
            case Op.ZeroEquals:
                if (sp < one)
                {
                    goto Underflow;
                }

                data[sp - 1] = data[sp - 1] == 0 ? -1 : 0;
                goto Fetch;
            default:
                if (cell < 0)
                {
                    if ((uint)~cell >= (uint)Dictionary.WordCount)
                    {
                        // Code that a `forget` left hanging.
                        fault = ThrowCode.UnsupportedOperation;
                        goto Raise;
                    }

                    ForthWord word = Dictionary.Words[~cell];

                    switch (word.Kind)
                    {
                        case WordKind.Colon:
                            if (rp >= ReturnCells)
                            {
                                goto ReturnOverflow;
                            }

                            stack[rp++] = ReturnAddress(ip);
                            ip = word.Code;
                            goto Fetch;
                        case WordKind.Primitive:
                            cell = word.Op;
                            goto Dispatch;
                        case WordKind.Constant:
                        case WordKind.Created:
                        case WordKind.Value:
                            if (sp >= DataCells)
                            {
                                goto Overflow;
                            }

                            data[sp++] = word.Value;
                            goto Fetch;
                        default:
                            (_sp, _rp, _ip, _steps) = (sp, rp, ip, steps);
                            ExecuteKind(word);
                            break;
                    }
                }
                else if (cell is >= (int)Op.Rot and < (int)Op.FirstCold)
                {
                    // The rest of the stack and number operations have a function of their own, so that this one stays small enough to be fast.
                    _rp = rp;
                    fault = Compute((Op)cell, sp, sp - one + 1);
                    if (fault < 0)
                    {
                        goto Raise;
                    }

                    sp = fault;
                    rp = _rp;
                    goto Fetch;
                }
                else if (cell < _bodies.Length)
                {
                    if (sp - one + 1 < _needs[cell])
                    {
                        goto Underflow;
                    }

                    (_sp, _rp, _ip, _steps, _running) = (sp, rp, ip, steps, cell);
                    _bodies[cell](this);
                }
                else
                {
                    fault = ThrowCode.UnsupportedOperation;
                    goto Raise;
                }

                if (_fault != 0 || _outcome != RunOutcome.Running)
                {
                    fault = 0;
                    (sp, rp, ip, steps) = (_sp, _rp, _ip, _steps);
                    goto Raise;
                }

                code = Dictionary.Code;
                codeCount = Dictionary.CodeCount;
                (sp, rp, ip, steps) = (_sp, _rp, _ip, _steps);
                if (_next != 0)
                {
                    cell = _next;
                    _next = 0;
                    goto Dispatch;
                }

                goto Fetch;
        }

        Underflow:
        fault = ThrowCode.StackUnderflow;
        goto Raise;
        Overflow:
        fault = ThrowCode.StackOverflow;
        goto Raise;
        ReturnUnderflow:
        fault = ThrowCode.ReturnUnderflow;
        goto Raise;
        ReturnOverflow:
        fault = ThrowCode.ReturnOverflow;
        goto Raise;
            Raise:
        (_sp, _rp, _ip, _steps) = (sp, rp, ip, steps);
        if (fault != 0)
        {
            Throw(fault);
        }

        if (_fault != 0)
        {
            Unwind();
        }

        if (_outcome != RunOutcome.Running)
        {
            return _outcome;
        }

        code = Dictionary.Code;
        codeCount = Dictionary.CodeCount;
        (sp, rp, ip, steps) = (_sp, _rp, _ip, _steps);
        goto Fetch;
    }
}

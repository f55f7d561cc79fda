using System.Text;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Forth.Words;

namespace Firmament.Firmware.Forth.FCode;

/// <content>Tokens that read on in the program: literals, branches, definitions.</content>
internal sealed partial class FCodeEvaluator
{
    /// <summary>`b(lit)`.</summary>
    public void Literal()
    {
        int value = 0;
        for (int i = 0; i < 4; i++)
        {
            value = (value << 8) | ReadByte();
        }

        Compiler.PushOrCompile(value);
    }

    /// <summary>`b(")`.</summary>
    public void String() => Compiler.String(Encoding.Latin1.GetBytes(ReadText()));

    /// <summary>`b(')`.</summary>
    public void Tick()
    {
        int word = ReadWord();
        if (word >= 0)
        {
            Compiler.PushOrCompile(ForthDictionary.TokenOf(word));
        }
    }

    /// <summary>`b(to)`.</summary>
    public void To() => Compiler.To(ReadWord());

    /// <summary>`offset16`.</summary>
    public void UseWideOffsets()
    {
        if (Frame is { } frame)
        {
            frame.IsWide = true;
        }
    }

    /// <summary>`bbranch` and `b?branch`.</summary>
    public void Branch(bool conditional)
    {
        uint target = ReadTarget(out bool isBack);
        if (!Compiler.IsCompiling)
        {
            if (!conditional || _forth.Pop() == 0)
            {
                Jump(target);
            }

            return;
        }

        Compiler.Emit(conditional ? Op.BranchZero : Op.Branch);
        if (isBack)
        {
            int mark = _marks.FindLastIndex(mark => mark.Extra == (int)target);
            if (mark < 0)
            {
                _forth.Throw(ThrowCode.BadFCode);
                return;
            }

            Compiler.Emit(_marks[mark].Address);
            return;
        }

        AddPending(target);
    }

    /// <summary>`b(&lt;mark)`: branches back come here.</summary>
    public void Mark()
    {
        if (Compiler.IsCompiling && Frame is { } frame)
        {
            Add(_marks, new ControlItem(ControlKind.Destination, _forth.Dictionary.CodeCount, (int)frame.Position));
        }
    }

    /// <summary>`b(&gt;resolve)`: branches forward come here.</summary>
    public void Resolve()
    {
        if (Compiler.IsCompiling && Frame is { } frame)
        {
            ResolveTo(frame.Position);
            ResolveTo(frame.Position - frame.Spread);
        }
    }

    /// <summary>`b(do)`, `b(?do)`; where the loop ends shows when it does.</summary>
    public void Do(bool question)
    {
        _ = ReadTarget(out _);
        Compiler.Do(question);
    }

    /// <summary>`b(loop)`, `b(+loop)`.</summary>
    public void Loop(Op op)
    {
        _ = ReadTarget(out _);
        Compiler.Loop(op);
    }

    /// <summary>`b(of)`.</summary>
    public void Of()
    {
        uint target = ReadTarget(out _);
        if (Compiler.IsCompiling)
        {
            Compiler.Emit(Op.Of);
            AddPending(target);
            return;
        }

        if (_forth.Depth < 2)
        {
            _forth.Throw(ThrowCode.StackUnderflow);
        }
        else if (_forth.Pop() == _forth.Peek(0))
        {
            _ = _forth.Pop();
        }
        else
        {
            Jump(target);
        }
    }

    /// <summary>`b(endof)`.</summary>
    public void EndOf()
    {
        uint target = ReadTarget(out _);
        if (!Compiler.IsCompiling)
        {
            Jump(target);
            return;
        }

        Compiler.Emit(Op.Branch);
        AddPending(target);
        ResolveTo(Frame?.Position ?? 0);
    }

    /// <summary>`b(endcase)`.</summary>
    public void EndCase()
    {
        if (!Compiler.IsCompiling)
        {
            _ = _forth.Pop();
            return;
        }

        Compiler.Emit(Op.Drop);
        ResolveTo(Frame?.Position ?? 0);
    }

    /// <summary>`new-token`, `named-token`, `external-token`: the definition that follows is of this token.</summary>
    public void NewToken(bool hasName, bool isVisible)
    {
        string name = hasName ? ReadText() : "";
        _name = isVisible ? name.ToLowerInvariant() : "";
        if (Frame is not { } frame || !TryReadToken(frame, out _token) || _token is < BuiltinWords.BuiltinTokens or >= BuiltinWords.BuiltinTokens + FCodeFrame.ProgramTokens
            || name.Length > ForthDictionary.LongestName)
        {
            _token = -1;
            _forth.Throw(ThrowCode.BadFCode);
        }
    }

    /// <summary>`b(:)`.</summary>
    public void Colon()
    {
        if (Define(Compiler.AddHidden(_name, WordKind.Colon, 0)) is >= 0 and int word)
        {
            Compiler.Adopt(word);
        }
    }

    /// <summary>`b(;)`.</summary>
    public void Semicolon()
    {
        if (_pending.Count > 0)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        _marks.Clear();
        Compiler.EndDefinition();
    }

    /// <summary>`b(value)`.</summary>
    public void Value() => _ = Define(Compiler.AddValue(_name, _forth.Pop()));

    /// <summary>`b(variable)`.</summary>
    public void Variable() => _ = Define(Compiler.AddVariable(_name));

    /// <summary>`b(constant)`.</summary>
    public void Constant() => _ = Define(Compiler.Add(_name, WordKind.Constant, _forth.Pop()));

    /// <summary>`b(create)`.</summary>
    public void Create() => _ = Define(Compiler.AddCreated(_name));

    /// <summary>`b(defer)`.</summary>
    public void Defer() => _ = Define(Compiler.AddDefer(_name));

    /// <summary>`b(buffer:)`.</summary>
    public void Buffer() => _ = Define(Compiler.AddBuffer(_name, _forth.PopUnsigned()));

    /// <summary>`b(field)`.</summary>
    public void Field()
    {
        int size = _forth.Pop();
        int offset = _forth.Pop();
        _ = Define(Compiler.Add(_name, WordKind.Field, offset));
        _forth.Push(offset + size);
    }

    /// <summary>`get-token ( token -- xt immediate? )`.</summary>
    public void GetToken()
    {
        int token = _forth.Pop();
        int word = token < 0 ? -1 : Frame?.WordOf(token) ?? (token < BuiltinWords.BuiltinTokens ? BuiltinWords.Instance.Tokens[token] : -1);
        if ((uint)word >= (uint)_forth.Dictionary.WordCount)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        _forth.Push(ForthDictionary.TokenOf(word));
        _forth.Push(_forth.Dictionary.Words[word].IsImmediate);
    }

    /// <summary>`set-token ( xt immediate? token -- )`.</summary>
    public void SetToken()
    {
        int token = _forth.Pop() - BuiltinWords.BuiltinTokens;
        _ = _forth.Pop();
        int word = _forth.Dictionary.WordOf(_forth.Pop());
        if (Frame is not { } frame || word < 0 || (uint)token >= FCodeFrame.ProgramTokens)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        frame.Tokens[token] = word;
    }

    private int Define(int word)
    {
        if (Frame is not { } frame || _token < 0 || word < 0)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return -1;
        }

        frame.Tokens[_token - BuiltinWords.BuiltinTokens] = word;
        (_name, _token) = ("", -1);
        return word;
    }

    private int ReadWord()
    {
        int word = Frame is { } frame && TryReadToken(frame, out int token) ? frame.WordOf(token) : -1;
        if ((uint)word < (uint)_forth.Dictionary.WordCount)
        {
            return word;
        }

        _forth.Throw(ThrowCode.BadFCode);
        return -1;
    }

    /// <summary>Where a branch leads: its offset counts from the offset's own first byte (IEEE 1275-1994 5.2.2.4).</summary>
    private uint ReadTarget(out bool isBack)
    {
        uint start = Frame?.Position ?? 0;
        int offset = Frame?.IsWide == true ? (short)((ReadByte() << 8) | ReadByte()) : (sbyte)ReadByte();
        isBack = offset < 0;
        return start + (uint)(offset * (int)(Frame?.Spread ?? 1));
    }

    private void Jump(uint target)
    {
        if (Frame is not { } frame || target < frame.Start || target >= frame.End)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        frame.Position = target;
    }

    private void AddPending(uint target)
    {
        Add(_pending, new ControlItem(ControlKind.Origin, _forth.Dictionary.CodeCount, (int)target));
        Compiler.Emit(0);
    }

    private void Add(List<ControlItem> items, ControlItem item)
    {
        if (items.Count >= MostBranches)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        items.Add(item);
    }

    private void ResolveTo(uint position)
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            if (_pending[i].Extra == (int)position)
            {
                Compiler.Patch(_pending[i].Address);
                _pending.RemoveAt(i);
            }
        }
    }
}

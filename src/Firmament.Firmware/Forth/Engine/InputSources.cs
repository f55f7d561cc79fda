using System.Text;
using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>The texts being interpreted, the innermost last; parsing; and the text interpreter, one word a step (ANS Forth X3.215 3.4).</summary>
internal sealed class InputSources : IStateful
{
    public const int MostSources = 64;

    private const int StepsOfWord = 10;

    private readonly ForthEngine _forth;
    private readonly InputSource[] _sources = new InputSource[MostSources];
    private int _count;
    private uint _wordAddress;
    private uint _wordLength;

    public InputSources(ForthEngine forth) => _forth = forth;

    public int Count => _count;

    /// <summary>The word that was parsed last, for messages.</summary>
    public string CurrentWord => _wordLength is > 0 and <= 256 && _forth.Memory.TryCopy(_wordAddress, _wordLength, 256, out byte[] bytes)
        ? Encoding.Latin1.GetString(bytes)
        : "";

    public InputSource Current => _count > 0 ? _sources[_count - 1] : default;

    private uint Position
    {
        get => _forth.Memory.Variable(DataSpace.ToInVariable);
        set => _forth.Memory.SetVariable(DataSpace.ToInVariable, value);
    }

    /// <summary>Makes a text in guest memory the current source.</summary>
    public void Push(uint address, uint length, int id, uint owned = 0)
    {
        if (_count >= MostSources)
        {
            if (owned != 0)
            {
                _ = _forth.Memory.TryFree(owned);
            }

            _forth.Throw(ThrowCode.NestingTooDeep);
            return;
        }

        if (_count > 0)
        {
            _sources[_count - 1].Position = Position;
        }

        _sources[_count++] = new InputSource { Address = address, Length = length, Id = id, Owned = owned };
        Position = 0;
    }

    /// <summary>Makes text the current source: in guest memory where it lies, or in memory allocated for it.</summary>
    public void PushCopy(ReadOnlySpan<byte> text, int id)
    {
        if (text.IsEmpty)
        {
            Push(_forth.Memory.Pad, 0, id);
        }
        else if (!_forth.Memory.TryAllocate((uint)text.Length, out uint address))
        {
            _forth.Throw(ThrowCode.Allocate);
        }
        else
        {
            _ = _forth.Memory.Space.Ram.TryWrite(new Firmament.Core.Memory.PhysicalAddress(address), text);
            Push(address, (uint)text.Length, id, address);
        }
    }

    /// <summary>`evaluate`.</summary>
    public void Evaluate(uint address, uint length)
    {
        _forth.CallCode(_forth.InterpretCode);
        if (_forth.Memory.TrySlice(address, length, out _))
        {
            Push(address, length, -1);
        }
        else if (_forth.Memory.TryCopy(address, length, 1 << 20, out byte[] text))
        {
            PushCopy(text, -1);
        }
        else
        {
            _forth.Throw(ThrowCode.InvalidAddress);
        }
    }

    /// <summary>Goes back to as many sources as there were.</summary>
    public void DropTo(int count)
    {
        while (_count > count)
        {
            InputSource source = _sources[--_count];
            if (source.Owned != 0)
            {
                _ = _forth.Memory.TryFree(source.Owned);
            }

            if (source.Id == FCode.FCodeEvaluator.SourceId)
            {
                _forth.FCode.Drop();
            }

            if (_count > 0)
            {
                Position = _sources[_count - 1].Position;
            }
        }
    }

    /// <summary>The next word, blanks skipped. False at the end of the text.</summary>
    public bool TryParseWord(out ReadOnlySpan<byte> word)
    {
        ReadOnlySpan<byte> text = Rest(out uint position);
        int start = 0;
        while (start < text.Length && text[start] <= ' ')
        {
            start++;
        }

        int end = start;
        while (end < text.Length && text[end] > ' ')
        {
            end++;
        }

        word = text[start..end];
        (_wordAddress, _wordLength) = (Current.Address + position + (uint)start, (uint)word.Length);
        Position = position + (uint)Math.Min(end + 1, text.Length);
        return !word.IsEmpty;
    }

    /// <summary>Text up to a delimiter, which is taken too.</summary>
    public ReadOnlySpan<byte> Parse(byte delimiter, bool skipLeading, out uint address)
    {
        ReadOnlySpan<byte> text = Rest(out uint position);
        int start = 0;
        while (skipLeading && start < text.Length && Matches(text[start], delimiter))
        {
            start++;
        }

        int end = start;
        while (end < text.Length && !Matches(text[end], delimiter))
        {
            end++;
        }

        Position = position + (uint)Math.Min(end + 1, text.Length);
        address = Current.Address + position + (uint)start;
        return text[start..end];
    }

    /// <summary>What has not been parsed.</summary>
    public ReadOnlySpan<byte> Rest(out uint position)
    {
        position = Position;
        ReadOnlySpan<byte> text = default;
        InputSource source = Current;
        bool readable = source.Owned != 0
            ? _forth.Memory.TrySliceOwned(source.Address, source.Length, out text)
            : _count > 0 && _forth.Memory.TrySlice(source.Address, source.Length, out text);
        if (!readable)
        {
            return default;
        }

        position = Math.Min(position, (uint)text.Length);
        return text[(int)position..];
    }

    /// <summary>Parses on from further on.</summary>
    public void Skip(int bytes) => Position = Math.Min(Position + (uint)bytes, Current.Length);

    /// <summary>Interprets or compiles one word, or ends the text.</summary>
    public void InterpretStep()
    {
        if (!TryParseWord(out ReadOnlySpan<byte> name))
        {
            DropTo(_count - 1);
            _forth.ReturnFromCode();
            return;
        }

        _forth.Charge(StepsOfWord);
        bool compiling = _forth.Compiler.IsCompiling;
        int word = _forth.Dictionary.Find(name);
        if (word < 0)
        {
            word = _forth.Devices.FindActiveHostMethod(name);
        }

        if (word >= 0)
        {
            ForthWord entry = _forth.Dictionary.Words[word];
            if (compiling && !entry.IsImmediate)
            {
                _forth.Compiler.CompileWord(word);
            }
            else if (entry.IsCompileOnly && !compiling)
            {
                _forth.Throw(ThrowCode.CompileOnly);
            }
            else
            {
                _forth.ExecuteNext(word);
            }
        }
        else if (NumberText.TryParse(name, _forth.Numbers.Base, out long value, out bool isDouble))
        {
            _forth.Compiler.PushOrCompile((int)value);
            if (isDouble)
            {
                _forth.Compiler.PushOrCompile((int)(value >> 32));
            }
        }
        else
        {
            InterpretVariable(name);
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("count", ref _count);
        _count = Math.Clamp(_count, 0, MostSources);
        state.Field("word", ref _wordAddress);
        state.Field("word-length", ref _wordLength);
        for (int i = 0; i < _count; i++)
        {
            _sources[i].Visit(state);
        }
    }

    /// <summary>A configuration variable's name stands for its value.</summary>
    private void InterpretVariable(ReadOnlySpan<byte> name)
    {
        if (name.Length > ForthDictionary.LongestName || _forth.Firmware.Variables?.Get(Encoding.Latin1.GetString(name)) == null)
        {
            _forth.Throw(ThrowCode.UndefinedWord);
            return;
        }

        _forth.Compiler.String(name);
        _forth.Compiler.CompileOrRun("(variable)");
    }

    private static bool Matches(byte character, byte delimiter) => character == delimiter || (delimiter == ' ' && character < ' ');
}

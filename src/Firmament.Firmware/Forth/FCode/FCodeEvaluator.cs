using System.Globalization;
using System.Text;
using Firmament.Core.State;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Forth.Words;

namespace Firmament.Firmware.Forth.FCode;

/// <summary>
/// Evaluates FCode, one token a step (IEEE 1275-1994 5.2.2 and annex F). The tokens that are ordinary words are rows of the word table with their number;
/// here are those that read more of the program.
/// </summary>
/// <remarks>
/// Branches are kept by the program's own addresses: each goes where its offset says, whatever structure a tokenizer made it from.
/// A wrong checksum is reported and the program runs. Not modelled: `byte-load` with an access word of the program's own.
/// </remarks>
internal sealed partial class FCodeEvaluator : IStateful
{
    /// <summary>`source-id` of an FCode program among the input sources.</summary>
    public const int SourceId = -3;

    private const int MostFrames = 4;
    private const int MostBranches = 512;
    private const int HeaderBytes = 8;
    private const uint MostBytes = 1 << 20;

    private readonly ForthEngine _forth;
    private readonly List<FCodeFrame> _frames = [];
    private readonly List<ControlItem> _pending = [];
    private readonly List<ControlItem> _marks = [];
    private string _name = "";
    private int _token = -1;

    public FCodeEvaluator(ForthEngine forth) => _forth = forth;

    private Compiler Compiler => _forth.Compiler;

    private FCodeFrame? Frame => _frames.Count > 0 ? _frames[^1] : null;

    /// <summary>`byte-load ( addr xt -- )`: xt 1 or that of `rb@` or `c@`.</summary>
    public void Load()
    {
        int access = _forth.Pop();
        uint address = _forth.PopUnsigned();
        string? fetch = _forth.Dictionary.Find(access)?.Name;
        if (access is not (0 or 1) && fetch is not ("rb@" or "c@"))
        {
            _forth.Throw(ThrowCode.UnsupportedOperation);
            return;
        }

        if (_frames.Count >= MostFrames)
        {
            _forth.Throw(ThrowCode.NestingTooDeep);
            return;
        }

        FCodeFrame frame = new() { Position = address, Start = address, End = uint.MaxValue };
        if (!TryReadHeader(frame))
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        _frames.Add(frame);
        _forth.CallCode(_forth.FCodeCode);
        _forth.Input.Push(address, 0, SourceId);
    }

    /// <summary>The input sources dropped a program: it ended, or something was thrown.</summary>
    public void Drop()
    {
        if (_frames.Count > 0)
        {
            _frames.RemoveAt(_frames.Count - 1);
        }

        _pending.Clear();
        _marks.Clear();
        (_name, _token) = ("", -1);
    }

    /// <summary>Runs or compiles one token.</summary>
    public void Step()
    {
        if (Frame is not { } frame)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        uint at = frame.Position;
        if (!TryReadToken(frame, out int token))
        {
            EndProgram();
            return;
        }

        int word = frame.WordOf(token);
        _forth.Charge(5);
        if ((uint)word >= (uint)_forth.Dictionary.WordCount)
        {
            _forth.Firmware.Platform.Tracer.GuestError(
                "fcode", string.Create(CultureInfo.InvariantCulture, $"token 0x{token:x} at offset 0x{at - frame.Start:x} is not defined"));
            _forth.Throw(ThrowCode.BadFCode);
        }
        else if (Compiler.IsCompiling && !_forth.Dictionary.Words[word].IsImmediate)
        {
            Compiler.CompileWord(word);
        }
        else
        {
            _forth.ExecuteNext(word);
        }
    }

    /// <summary>`end0`, `end1`.</summary>
    public void EndProgram()
    {
        if (Frame == null)
        {
            _forth.Throw(ThrowCode.BadFCode);
            return;
        }

        _forth.Input.DropTo(_forth.Input.Count - 1);
        _forth.ReturnFromCode();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        int count = _frames.Count;
        state.Field("frames", ref count);
        if (state.IsLoading)
        {
            _frames.Clear();
            for (int i = 0; i < Math.Clamp(count, 0, MostFrames); i++)
            {
                _frames.Add(new FCodeFrame());
            }
        }

        foreach (FCodeFrame frame in _frames)
        {
            frame.Visit(state);
        }

        Compiler.VisitItems(state, "pending", _pending);
        Compiler.VisitItems(state, "marks", _marks);
        state.Text("name", ref _name);
        state.Field("token", ref _token);
    }

    private bool TryReadHeader(FCodeFrame frame)
    {
        Span<byte> bytes = stackalloc byte[HeaderBytes];
        if (!TryReadByte(frame, out bytes[0]))
        {
            return false;
        }

        // start0 to start4 and version1 (annex F): how far apart the bytes are, and whether offsets have 8 or 16 bits.
        frame.Spread = bytes[0] switch { 0xf0 => 0, 0xf1 or 0xfd => 1, 0xf2 => 2, 0xf3 => 4, _ => uint.MaxValue };
        frame.IsWide = bytes[0] != 0xfd;
        if (frame.Spread is uint.MaxValue or 0)
        {
            return false;
        }

        frame.Position = frame.Start + frame.Spread;
        for (int i = 1; i < HeaderBytes; i++)
        {
            if (!TryReadByte(frame, out bytes[i]))
            {
                return false;
            }
        }

        uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (length is < HeaderBytes or > MostBytes)
        {
            return false;
        }

        frame.End = frame.Start + (length * frame.Spread);
        CheckSum(frame, (ushort)((bytes[2] << 8) | bytes[3]), length - HeaderBytes);
        return true;
    }

    private void CheckSum(FCodeFrame frame, ushort expected, uint count)
    {
        ushort sum = 0;
        _forth.Charge(count / 4);
        uint body = frame.Position;
        for (uint i = 0; i < count && TryReadByte(frame, out byte value); i++)
        {
            sum += value;
        }

        frame.Position = body;
        if (sum != expected)
        {
            _forth.Firmware.Platform.Tracer.GuestError(
                "fcode", string.Create(CultureInfo.InvariantCulture, $"the program at 0x{frame.Start:x} has checksum 0x{sum:x4}, its header says 0x{expected:x4}"));
        }
    }

    private bool TryReadByte(FCodeFrame frame, out byte value)
    {
        bool ok = frame.Position < frame.End & _forth.Memory.TryFetch8(frame.Position, out uint cell);
        value = (byte)cell;
        frame.Position += frame.Spread;
        return ok;
    }

    /// <summary>A token: one byte, or two when the first is between 1 and 0x0f. False at the end.</summary>
    private bool TryReadToken(FCodeFrame frame, out int token)
    {
        token = 0;
        if (!TryReadByte(frame, out byte first))
        {
            return false;
        }

        token = first;
        if (first is >= 1 and <= 0x0f)
        {
            if (!TryReadByte(frame, out byte second))
            {
                return false;
            }

            token = (first << 8) | second;
        }

        return true;
    }

    private byte ReadByte()
    {
        byte value = 0;
        if (Frame is not { } frame || !TryReadByte(frame, out value))
        {
            _forth.Throw(ThrowCode.BadFCode);
        }

        return value;
    }

    private string ReadText()
    {
        int length = ReadByte();
        StringBuilder text = new();
        for (int i = 0; i < length && _forth.Fault == 0; i++)
        {
            text.Append((char)ReadByte());
        }

        return text.ToString();
    }
}

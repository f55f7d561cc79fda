using Firmament.Machines.Demo;
using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>Subroutines and variables of the guest. Nothing is kept in registers across a call of the firmware, so that a firmware may lose them.</summary>
internal sealed class ConformanceRuntime
{
    /// <summary>What result cells hold before a call.</summary>
    public const uint Untouched = 0xdead_c0de;

    private const int MostCells = 48;
    private const int LineBytes = 1024;
    private const int StackBytes = 0x4000;
    private const int ServiceCells = 3;

    private readonly ClientData _data = new(ConformanceMemory.Data);
    private readonly Dictionary<string, uint> _variables = [];
    private readonly uint _writeArray;
    private readonly uint _line;
    private readonly uint _invokeReturn;
    private readonly uint _reportReturn;
    private readonly AssemblerLabel _putHex = new();

    public ConformanceRuntime()
    {
        Array = Reserve(4 * (ServiceCells + MostCells));
        _writeArray = Reserve(4 * 7);
        _line = Reserve(LineBytes);
        _invokeReturn = Reserve(4);
        _reportReturn = Reserve(4);
        Status = Reserve(4);
        PathBuffer = Reserve(256);
        StackTop = Reserve(StackBytes) + StackBytes - 64;
        Handler = Variable("handler");
        Stdout = Variable("stdout");
    }

    /// <summary>The program.</summary>
    public Assembler Code { get; } = new(ConformanceMemory.Code);

    /// <summary>Strings and variables.</summary>
    public Assembler Data => _data.Bytes;

    /// <summary>The argument array.</summary>
    public uint Array { get; }

    /// <summary>Variable: r3 of the last call.</summary>
    public uint Status { get; }

    /// <summary>A path that is being put together.</summary>
    public uint PathBuffer { get; }

    /// <summary>Where the stack begins.</summary>
    public uint StackTop { get; }

    /// <summary>Variable: the client interface handler.</summary>
    public uint Handler { get; }

    /// <summary>Variable: the console's ihandle.</summary>
    public uint Stdout { get; }

    /// <summary>r3 = array: calls the client interface, and keeps what r3 is then.</summary>
    public AssemblerLabel Invoke { get; } = new();

    /// <summary>r3 = text, r4 = result cells, r5 = how many, r6 = bytes, r7 = how many: prints a line.</summary>
    public AssemblerLabel Report { get; } = new();

    /// <summary>r3 = text, r9 = place: copies it without its NUL. r9 = place behind it.</summary>
    public AssemblerLabel PutText { get; } = new();

    /// <summary>r3 = from, r4 = to, r5 = words: copies.</summary>
    public AssemblerLabel CopyWords { get; } = new();

    /// <summary>r3 = place, r4 = word, r5 = words: fills.</summary>
    public AssemblerLabel FillWords { get; } = new();

    /// <summary>Zeroed, word-aligned bytes.</summary>
    public uint Reserve(int bytes) => _data.Reserve(bytes);

    /// <summary>The address of a string.</summary>
    public uint Text(string text) => _data.Text(text);

    /// <summary>The address of a variable.</summary>
    public uint Variable(string name)
    {
        if (!_variables.TryGetValue(name, out uint address))
        {
            address = Reserve(4);
            _variables.Add(name, address);
        }

        return address;
    }

    /// <summary>Loads the word at an address; not into r0.</summary>
    public void Load(int register, uint address)
    {
        Code.LoadImmediate(register, address);
        Code.Lwz(register, 0, register);
    }

    /// <summary>Stores a word; r12 is lost.</summary>
    public void Store(int register, uint address)
    {
        Code.LoadImmediate(12, address);
        Code.Stw(register, 0, 12);
    }

    /// <summary>Writes the subroutines.</summary>
    public void Write()
    {
        WriteInvoke();
        WriteLoops();
        WritePuts();
        WriteReport();
    }

    private void WriteInvoke()
    {
        Code.Bind(Invoke);
        Code.Mflr(0);
        Store(0, _invokeReturn);
        Load(12, Handler);
        Code.Mtctr(12);
        Code.Bctrl();
        Store(3, Status);
        Load(12, _invokeReturn);
        Code.Mtlr(12);
        Code.Blr();
    }

    private void WriteLoops()
    {
        Code.Bind(CopyWords);
        Code.Mtctr(5);
        AssemblerLabel copy = Code.LabelHere();
        Code.Lwz(0, 0, 3);
        Code.Stw(0, 0, 4);
        Code.Addi(3, 3, 4);
        Code.Addi(4, 4, 4);
        Code.Bdnz(copy);
        Code.Blr();

        Code.Bind(FillWords);
        Code.Mtctr(5);
        AssemblerLabel fill = Code.LabelHere();
        Code.Stw(4, 0, 3);
        Code.Addi(3, 3, 4);
        Code.Bdnz(fill);
        Code.Blr();
    }

    private void WritePuts()
    {
        AssemblerLabel end = Code.NewLabel();
        Code.Bind(PutText);
        AssemblerLabel text = Code.LabelHere();
        Code.Lbz(0, 0, 3);
        Code.Cmpwi(0, 0);
        Code.Beq(end);
        Code.Stb(0, 0, 9);
        Code.Addi(3, 3, 1);
        Code.Addi(9, 9, 1);
        Code.B(text);
        Code.Bind(end);
        Code.Blr();

        Code.Bind(_putHex);
        Code.Li(0, 8);
        Code.Mtctr(0);
        AssemblerLabel digit = Code.LabelHere();
        AssemblerLabel isDecimal = Code.NewLabel();
        Code.Rlwinm(3, 3, 4, 0, 31);
        Code.Rlwinm(10, 3, 0, 28, 31);
        Code.Cmpwi(10, 10);
        Code.Addi(10, 10, '0');
        Code.Blt(isDecimal);
        Code.Addi(10, 10, 'a' - '0' - 10);
        Code.Bind(isDecimal);
        Code.Stb(10, 0, 9);
        Code.Addi(9, 9, 1);
        Code.Bdnz(digit);
        Code.Blr();
    }

    private void WriteReport()
    {
        (int Cells, int Count, int Bytes, int Length) kept = (14, 15, 16, 17);
        Code.Bind(Report);
        Code.Mflr(0);
        Store(0, _reportReturn);
        Code.Mr(kept.Cells, 4);
        Code.Mr(kept.Count, 5);
        Code.Mr(kept.Bytes, 6);
        Code.Mr(kept.Length, 7);
        Code.LoadImmediate(9, _line);
        Code.Bl(PutText);
        Put(" r3=");
        Load(3, Status);
        Code.Bl(_putHex);
        PutCells(kept.Cells, kept.Count);
        PutBytes(kept.Bytes, kept.Length);
        Put(" END\r\n");

        Code.LoadImmediate(8, _line);
        Code.Sub(7, 9, 8);
        Code.LoadImmediate(3, _writeArray);
        Code.LoadImmediate(4, Text("write"));
        Code.Stw(4, 0, 3);
        Code.Li(4, 3);
        Code.Stw(4, 4, 3);
        Code.Li(4, 1);
        Code.Stw(4, 8, 3);
        Load(4, Stdout);
        Code.Stw(4, 12, 3);
        Code.Stw(8, 16, 3);
        Code.Stw(7, 20, 3);
        Code.Bl(Invoke);
        Load(12, _reportReturn);
        Code.Mtlr(12);
        Code.Blr();
    }

    private void PutCells(int cells, int count)
    {
        AssemblerLabel end = Code.NewLabel();
        Put(" rets=");
        AssemblerLabel next = Code.LabelHere();
        Code.Cmpwi(count, 0);
        Code.Beq(end);
        Code.Lwz(3, 0, cells);
        Code.Bl(_putHex);
        Put(",");
        Code.Addi(cells, cells, 4);
        Code.Addi(count, count, -1);
        Code.B(next);
        Code.Bind(end);
    }

    /// <summary>Bytes as <see cref="ConformanceCase.Data"/> has them.</summary>
    private void PutBytes(int bytes, int length)
    {
        AssemblerLabel end = Code.NewLabel();
        Put(" data=");
        AssemblerLabel next = Code.LabelHere();
        AssemblerLabel store = Code.NewLabel();
        Code.Cmpwi(length, 0);
        Code.Beq(end);
        Code.Lbz(3, 0, bytes);
        Code.Cmpwi(3, 0);
        Code.Li(4, '~');
        Code.Beq(store);
        Code.Cmpwi(3, ' ');
        Code.Li(4, '_');
        Code.Beq(store);
        Code.Li(4, '.');
        Code.Blt(store);
        Code.Cmpwi(3, '~');
        Code.Bge(store);
        Code.Mr(4, 3);
        Code.Bind(store);
        Code.Stb(4, 0, 9);
        Code.Addi(9, 9, 1);
        Code.Addi(bytes, bytes, 1);
        Code.Addi(length, length, -1);
        Code.B(next);
        Code.Bind(end);
    }

    private void Put(string text)
    {
        Code.LoadImmediate(3, Text(text));
        Code.Bl(PutText);
    }
}

using System.Globalization;
using Firmament.Machines.Tests.Support;
using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>
/// The guest: an ELF file of 32-bit code for address 0 that finds out where it was loaded and copies itself to where it was linked. Firmware moves images
/// of -kernel by amounts of its own, and some enters them at their first byte.
/// </summary>
/// <remarks>
/// Boot arguments: <c>run=LETTERS,FROM disk=PATH net=PATH rtc=PATH nvram=PATH</c>, all of them, in this order; cases below FROM are left out, but for
/// those that save something. Without arguments everything is run.
/// </remarks>
internal sealed class ConformanceProgram
{
    private const int ArgumentBytes = 512;
    private const int HeaderCells = 3;
    private static readonly string[] Paths = ["disk", "net", "rtc", "nvram"];

    private readonly ConformanceRuntime _runtime = new();

    private ConformanceProgram()
    {
    }

    private Assembler Code => _runtime.Code;

    /// <summary>The line of the last case is followed by one that begins with this.</summary>
    public const string Done = "CONFORMANCE-DONE";

    /// <summary>The program as an ELF executable that is entered at its first byte.</summary>
    public static byte[] Build(uint loadAddress = 0)
    {
        ConformanceProgram program = new();
        program.Relocate();
        program.Start();
        int index = 0;
        foreach (ConformanceGroup group in ConformanceCatalog.Groups)
        {
            foreach (ConformanceCase test in group.Cases)
            {
                program.Write(group, test, index++);
            }
        }

        program.Finish(index);
        program._runtime.Write();
        byte[] image = new byte[ConformanceMemory.ImageBytes];
        byte[] code = program.Code.ToArray();
        Assert.InRange(code.Length, 1, (int)(ConformanceMemory.Data - ConformanceMemory.Code));
        code.CopyTo(image, 0);
        program._runtime.Data.ToArray().CopyTo(image, ConformanceMemory.Data - ConformanceMemory.Code);
        return new ElfBuilder { Entry = loadAddress }.Load(loadAddress, loadAddress, image).Build();
    }

    private void Relocate()
    {
        AssemblerLabel here = Code.NewLabel();
        AssemblerLabel copy = Code.NewLabel();
        AssemblerLabel copied = Code.NewLabel();
        Code.Bl(here);
        Code.Bind(here);
        Code.Mflr(6);
        Code.Addi(6, 6, -4);
        Code.LoadImmediate(7, ConformanceMemory.Code);
        Code.Mr(8, 7);
        Code.Cmplw(6, 7);
        Code.Beq(copied);
        Code.LoadImmediate(9, ConformanceMemory.ImageBytes / 4);
        Code.Mtctr(9);
        Code.Bind(copy);
        Code.Lwz(0, 0, 6);
        Code.Stw(0, 0, 7);
        Code.Dcbst(0, 7);
        Code.Sync();
        Code.Icbi(0, 7);
        Code.Addi(6, 6, 4);
        Code.Addi(7, 7, 4);
        Code.Bdnz(copy);
        Code.Bind(copied);
        Code.Isync();
        AssemblerLabel main = Code.NewLabel();
        Code.Addi(8, 8, (int)(Code.Here - ConformanceMemory.Code) + 12);
        Code.Mtctr(8);
        Code.Bcctr(20, 0);
        Code.Bind(main);
    }

    /// <summary>To 32-bit mode, where SLOF enters in 64-bit mode; then console and boot arguments.</summary>
    private void Start()
    {
        AssemblerLabel narrow = Code.NewLabel();
        Code.LoadImmediate(3, 0x7fff_ffff);
        Code.Addic_(3, 3, 1);
        Code.Blt(narrow);
        Code.Mfmsr(3);
        Code.Rldicl(3, 3, 0, 1);
        Code.Mtmsrd(3, 0);
        Code.Isync();
        Code.Bind(narrow);
        Code.LoadImmediate(1, _runtime.StackTop);
        _runtime.Store(5, _runtime.Handler);

        // Before the firmware gives any of it away.
        Call("claim", [ConformanceMemory.Code, ConformanceMemory.AllBytes, 0], 1);
        uint arguments = _runtime.Reserve(ArgumentBytes);
        Call("finddevice", ["/chosen"], 1);
        Keep("chosen", 1, 0);
        Call("getprop", [ConformanceCell.Saved("chosen"), "stdout", _runtime.Stdout, 4], 1);
        Call("getprop", [ConformanceCell.Saved("chosen"), "stdin", _runtime.Variable("stdin"), 4], 1);
        Call("getprop", [ConformanceCell.Saved("chosen"), "bootargs", arguments, ArgumentBytes - 1], 1);
        ParseArguments(arguments);
    }

    private void ParseArguments(uint arguments)
    {
        (int at, int mask, int from, int one) = (14, 15, 16, 17);
        Code.LoadImmediate(at, arguments - 1);
        Code.LoadImmediate(mask, 0x7fff_ffff);
        Code.Li(from, 0);
        AssemblerLabel end = Code.NewLabel();
        AssemblerLabel number = Code.NewLabel();
        AssemblerLabel letter = Code.NewLabel();
        AssemblerLabel paths = Code.NewLabel();
        SkipToEquals(at, end);
        Code.Li(mask, 0);
        Code.Bind(letter);
        Code.Lbzu(3, 1, at);
        Code.Addic_(3, 3, -'a');
        Code.Blt(number);
        Code.Li(one, 1);
        Code.Slw(one, one, 3);
        Code.Or(mask, mask, one);
        Code.B(letter);

        Code.Bind(number);
        Code.Lbzu(3, 1, at);
        Code.Addic_(3, 3, -'0');
        Code.Blt(paths);
        Code.Mulli(from, from, 10);
        Code.Add(from, from, 3);
        Code.B(number);

        Code.Bind(paths);
        foreach (string path in Paths)
        {
            SkipToEquals(at, end);
            Code.Addi(3, at, 1);
            _runtime.Store(3, _runtime.Variable(path));
            AssemblerLabel name = Code.LabelHere();
            Code.Lbzu(3, 1, at);
            Code.Cmpwi(3, ' ');
            Code.Bgt(name);
            Code.Li(0, 0);
            Code.Stb(0, 0, at);
        }

        Code.Bind(end);
        _runtime.Store(mask, _runtime.Variable("mask"));
        _runtime.Store(from, _runtime.Variable("from"));
    }

    private void SkipToEquals(int at, AssemblerLabel end)
    {
        AssemblerLabel next = Code.LabelHere();
        Code.Lbzu(3, 1, at);
        Code.Cmpwi(3, '=');
        AssemblerLabel found = Code.NewLabel();
        Code.Beq(found);

        // The byte behind a path is a NUL now; the arguments' own end is a NUL behind a NUL.
        Code.Cmpwi(3, 0);
        Code.Bne(next);
        Code.Lbz(3, 1, at);
        Code.Cmpwi(3, 0);
        Code.Bne(next);
        Code.B(end);
        Code.Bind(found);
    }

    private void Write(ConformanceGroup group, ConformanceCase test, int index)
    {
        AssemblerLabel skip = Code.NewLabel();
        _runtime.Load(3, _runtime.Variable("mask"));
        Code.LoadImmediate(4, (uint)group.Bit);
        Code.And(3, 3, 4);
        Code.Cmpwi(3, 0);
        Code.Beq(skip);
        if (!test.IsPrepared)
        {
            _runtime.Load(3, _runtime.Variable("from"));
            Code.Cmpwi(3, index);
            Code.Bgt(skip);
        }

        if (test.Poke is { } poke)
        {
            Code.LoadImmediate(3, _runtime.Text(poke.Text));
            Code.LoadImmediate(9, poke.Address);
            Code.Bl(_runtime.PutText);
            Code.Li(0, 0);
            Code.Stb(0, 0, 9);
        }

        Fill(ConformanceMemory.Room, 0x5555_5555, 128);
        Call(test);
        if (test.Save is { } variable)
        {
            Keep(variable, test.Cells.Length, test.SaveResult);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"CASE {index} {test.Name.Replace(' ', '-')}");
        Code.LoadImmediate(3, _runtime.Text(name));
        Code.LoadImmediate(4, ResultAddress(test.Cells.Length));
        Code.Li(5, test.Results);
        Code.LoadImmediate(6, ConformanceMemory.Room);
        Code.Li(7, test.Show);
        Code.Bl(_runtime.Report);
        Code.Bind(skip);
    }

    private uint ResultAddress(int arguments) => _runtime.Array + (uint)(4 * (HeaderCells + arguments));

    private void Call(string service, ConformanceCell[] cells, int results) =>
        Call(new ConformanceCase("", service, cells, results, "", ""));

    private void Call(ConformanceCase test)
    {
        const int Base = 31;
        Fill(_runtime.Array, ConformanceRuntime.Untouched, HeaderCells + 32);
        Code.LoadImmediate(Base, _runtime.Array);
        StoreCell(Base, 0, test.ServiceAddress ?? _runtime.Text(test.Service));
        StoreCell(Base, 1, test.ArgumentCount ?? (uint)test.Cells.Length);
        StoreCell(Base, 2, test.ResultCount ?? (uint)test.Results);
        for (int i = 0; i < test.Cells.Length; i++)
        {
            StoreCell(Base, HeaderCells + i, test.Cells[i]);
        }

        uint words = (uint)(HeaderCells + test.Cells.Length + test.Results);
        if (test.CopyArray)
        {
            CopyWords(_runtime.Array, test.ArrayAddress!.Value, words);
        }

        Code.LoadImmediate(3, test.ArrayAddress ?? _runtime.Array);
        Code.Bl(_runtime.Invoke);
        if (test.CopyArray)
        {
            CopyWords(test.ArrayAddress!.Value, _runtime.Array, words);
        }
    }

    private void StoreCell(int array, int index, ConformanceCell cell)
    {
        if (cell.IsPath)
        {
            _runtime.Load(3, _runtime.Variable(cell.Variable!));
            Code.LoadImmediate(9, _runtime.PathBuffer);
            Code.Bl(_runtime.PutText);
            Code.LoadImmediate(3, _runtime.Text(cell.Text!));
            Code.Bl(_runtime.PutText);
            Code.Li(0, 0);
            Code.Stb(0, 0, 9);
            Code.LoadImmediate(3, _runtime.PathBuffer);
        }
        else if (cell.IsAddress)
        {
            Code.LoadImmediate(3, _runtime.Variable(cell.Variable!));
        }
        else if (cell.Variable is { } variable)
        {
            _runtime.Load(3, _runtime.Variable(variable));
        }
        else
        {
            Code.LoadImmediate(3, cell.Text is { } text ? _runtime.Text(text) : cell.Value);
        }

        Code.Stw(3, 4 * index, array);
    }

    private void Keep(string variable, int arguments, int result)
    {
        _runtime.Load(3, ResultAddress(arguments) + (uint)(4 * result));
        _runtime.Store(3, _runtime.Variable(variable));
    }

    private void Fill(uint address, uint word, uint words)
    {
        Code.LoadImmediate(3, address);
        Code.LoadImmediate(4, word);
        Code.LoadImmediate(5, words);
        Code.Bl(_runtime.FillWords);
    }

    private void CopyWords(uint from, uint to, uint words)
    {
        Code.LoadImmediate(3, from);
        Code.LoadImmediate(4, to);
        Code.LoadImmediate(5, words);
        Code.Bl(_runtime.CopyWords);
    }

    private void Finish(int cases)
    {
        Code.LoadImmediate(3, _runtime.Text(string.Create(CultureInfo.InvariantCulture, $"{Done} {cases}")));
        Code.Li(5, 0);
        Code.Li(7, 0);
        Code.Bl(_runtime.Report);
        Call("interpret", ["power-off"], 1);
        Call("exit", [], 0);
        AssemblerLabel forever = Code.LabelHere();
        Code.B(forever);
    }
}

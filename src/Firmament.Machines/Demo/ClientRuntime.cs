using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Demo;

/// <summary>
/// Guest subroutines that a small client of Open Firmware needs: calls of the client interface and RTAS, printing, numbers, a search of
/// the tree. Registers as the System V ABI's PowerPC supplement has them: arguments and result from r3, r14 to r31 kept.
/// </summary>
/// <remarks>The argument array is static (IEEE 1275-1994 6.3.1: service, nargs, nret, arguments, results), for one call is made at a time.</remarks>
internal sealed class ClientRuntime
{
    /// <summary>Where the code is linked, and its entry point.</summary>
    public const uint CodeAddress = 0x0010_0000;

    /// <summary>Where strings and variables are linked.</summary>
    public const uint DataAddress = 0x0011_0000;

    /// <summary>Bytes of <see cref="Value"/>.</summary>
    public const int ValueBytes = 256;

    private const int ArrayHeader = 12;
    private const int MostCells = 16;
    private const int Digits = 16;

    private readonly ClientData _data = new(DataAddress);
    private readonly uint _array;
    private readonly uint _digits;

    /// <summary>Reserves the variables.</summary>
    public ClientRuntime()
    {
        _array = Reserve(ArrayHeader + (MostCells * 4));
        _digits = Reserve(Digits);
        Handler = Reserve(4);
        RtasEntry = Reserve(4);
        RtasBase = Reserve(4);
        Stdout = Reserve(4);
        Value = Reserve(ValueBytes);
    }

    /// <summary>The program; the caller writes the main part first.</summary>
    public Assembler Code { get; } = new(CodeAddress);

    /// <summary>Strings and variables.</summary>
    public Assembler Data => _data.Bytes;

    /// <summary>Variable: the client interface handler.</summary>
    public uint Handler { get; }

    /// <summary>Variable: the entry of instantiated RTAS.</summary>
    public uint RtasEntry { get; }

    /// <summary>Variable: where RTAS was instantiated.</summary>
    public uint RtasBase { get; }

    /// <summary>Variable: the console's ihandle.</summary>
    public uint Stdout { get; }

    /// <summary>A buffer for a property's value or a path.</summary>
    public uint Value { get; }

    /// <summary>r3 = node, r4 = property name. r3 = its first cell, or −1 when it is not one cell long.</summary>
    public AssemblerLabel GetCell { get; } = new();

    /// <summary>r3 = node, r4 = type. r3 = the first node of that device_type at or after it in its tree, or 0.</summary>
    public AssemblerLabel FindByType { get; } = new();

    /// <summary>r3 = value, r4 = fewest digits, at most 10: printed unsigned.</summary>
    public AssemblerLabel PrintDecimal { get; } = new();

    /// <summary>r3 = value: 8 digits printed.</summary>
    public AssemblerLabel PrintHex { get; } = new();

    /// <summary>r3 = string with a NUL at its end.</summary>
    public AssemblerLabel Print { get; } = new();

    private AssemblerLabel CallClient { get; } = new();

    private AssemblerLabel CallRtas { get; } = new();

    private AssemblerLabel Same { get; } = new();

    /// <summary>Zeroed, word-aligned bytes.</summary>
    public uint Reserve(int bytes) => _data.Reserve(bytes);

    /// <summary>The address of a string.</summary>
    public uint Text(string text) => _data.Text(text);

    /// <summary>Calls a service; its arguments stand in r6, r7 and on. r3 = its first result (0 when it has none), or −1 when the call failed.</summary>
    public void Service(string name, int arguments, int results)
    {
        Code.LoadImmediate(3, Text(name));
        Code.Li(4, arguments);
        Code.Li(5, results);
        Code.Bl(CallClient);
    }

    /// <summary>Calls RTAS with the token in r3; the rest as <see cref="Service"/>.</summary>
    public void Rtas(int arguments, int results)
    {
        Code.Li(4, arguments);
        Code.Li(5, results);
        Code.Bl(CallRtas);
    }

    /// <summary>Loads a result of the last call: 0 for the first.</summary>
    public void Result(int register, int arguments, int index)
    {
        Code.LoadImmediate(register, _array);
        Code.Lwz(register, ArrayHeader + (4 * (arguments + index)), register);
    }

    /// <summary>Prints text.</summary>
    public void Say(string text)
    {
        Code.LoadImmediate(3, Text(text));
        Code.Bl(Print);
    }

    /// <summary>Prints the number in <paramref name="register"/>.</summary>
    public void SayDecimal(int register, int digits = 1)
    {
        Code.Mr(3, register);
        Code.Li(4, digits);
        Code.Bl(PrintDecimal);
    }

    /// <summary>Stores <paramref name="register"/> in a variable; r12 is lost.</summary>
    public void Store(int register, uint variable)
    {
        Code.LoadImmediate(12, variable);
        Code.Stw(register, 0, 12);
    }

    /// <summary>Begins a subroutine that calls others and keeps r31 down to r(32 − <paramref name="kept"/>).</summary>
    public void Enter(int kept)
    {
        Code.Mflr(0);
        Code.Stw(0, 4, 1);
        Code.Stwu(1, -Frame(kept), 1);
        for (int i = 0; i < kept; i++)
        {
            Code.Stw(31 - i, 8 + (4 * i), 1);
        }
    }

    /// <summary>Ends it.</summary>
    public void Leave(int kept)
    {
        for (int i = 0; i < kept; i++)
        {
            Code.Lwz(31 - i, 8 + (4 * i), 1);
        }

        Code.Addi(1, 1, Frame(kept));
        Code.Lwz(0, 4, 1);
        Code.Mtlr(0);
        Code.Blr();
    }

    /// <summary>Writes the subroutines.</summary>
    public void Write()
    {
        WriteCalls();
        WritePrint();
        WritePrintDecimal();
        WritePrintHex();
        WriteGetCell();
        WriteSame();
        WriteFindByType();
    }

    private static int Frame(int kept) => (8 + (4 * kept) + 15) & ~15;

    private void WriteCalls()
    {
        AssemblerLabel call = Code.NewLabel();
        AssemblerLabel failed = Code.NewLabel();
        Code.Bind(CallRtas);
        Code.LoadImmediate(12, RtasEntry);
        Code.Lwz(0, 0, 12);
        Code.B(call);

        Code.Bind(CallClient);
        Code.LoadImmediate(12, Handler);
        Code.Lwz(0, 0, 12);

        Code.Bind(call);
        Code.Mtctr(0);
        Enter(1);
        Code.LoadImmediate(12, _array);
        for (int i = 0; i < 8; i++)
        {
            // Registers that hold no argument land on result cells, which the service overwrites.
            Code.Stw(3 + i, 4 * i, 12);
        }

        Code.Slwi(31, 4, 2);
        Code.Add(31, 31, 12);
        Code.Li(0, 0);
        Code.Cmpwi(5, 0);
        AssemblerLabel hasResult = Code.NewLabel();
        Code.Bne(hasResult);
        Code.Stw(0, ArrayHeader, 31);
        Code.Bind(hasResult);
        Code.LoadImmediate(4, RtasBase);
        Code.Lwz(4, 0, 4);
        Code.Mr(3, 12);
        Code.Bctrl();
        Code.Cmpwi(3, 0);
        Code.Bne(failed);
        Code.Lwz(3, ArrayHeader, 31);
        Leave(1);
        Code.Bind(failed);
        Code.Li(3, -1);
        Leave(1);
    }

    private void WritePrint()
    {
        Code.Bind(Print);
        Code.Mr(7, 3);
        Code.Li(8, 0);
        AssemblerLabel next = Code.LabelHere();
        AssemblerLabel end = Code.NewLabel();
        Code.Lbzx(0, 7, 8);
        Code.Cmpwi(0, 0);
        Code.Beq(end);
        Code.Addi(8, 8, 1);
        Code.B(next);
        Code.Bind(end);
        Code.LoadImmediate(6, Stdout);
        Code.Lwz(6, 0, 6);
        Code.LoadImmediate(3, Text("write"));
        Code.Li(4, 3);
        Code.Li(5, 1);
        Code.B(CallClient);
    }

    private void WritePrintDecimal()
    {
        Code.Bind(PrintDecimal);
        Code.LoadImmediate(5, _digits + Digits - 1);
        Code.Li(6, 10);
        AssemblerLabel next = Code.LabelHere();
        Code.Divwu(7, 3, 6);
        Code.Mullw(8, 7, 6);
        Code.Sub(8, 3, 8);
        Code.Addi(8, 8, '0');
        Code.Stbu(8, -1, 5);
        Code.Mr(3, 7);
        Code.Addi(4, 4, -1);
        Code.Cmpwi(4, 0);
        Code.Bgt(next);
        Code.Cmpwi(3, 0);
        Code.Bne(next);
        Code.Mr(3, 5);
        Code.B(Print);
    }

    private void WritePrintHex()
    {
        Code.Bind(PrintHex);
        Code.LoadImmediate(5, _digits - 1 + Digits - 9);
        Code.LoadImmediate(6, Text("0123456789abcdef"));
        Code.Li(7, 8);
        Code.Mtctr(7);
        AssemblerLabel next = Code.LabelHere();
        Code.Rlwinm(3, 3, 4, 0, 31);
        Code.Rlwinm(7, 3, 0, 28, 31);
        Code.Lbzx(7, 6, 7);
        Code.Stbu(7, 1, 5);
        Code.Bdnz(next);
        Code.LoadImmediate(3, _digits + Digits - 9);
        Code.B(Print);
    }

    private void WriteGetCell()
    {
        Code.Bind(GetCell);
        Enter(0);
        Code.Mr(6, 3);
        Code.Mr(7, 4);
        Code.LoadImmediate(8, Value);
        Code.Li(9, 4);
        Service("getprop", 4, 1);
        Code.Cmpwi(3, 4);
        Code.Li(3, -1);
        AssemblerLabel none = Code.NewLabel();
        Code.Bne(none);
        Code.LoadImmediate(3, Value);
        Code.Lwz(3, 0, 3);
        Code.Bind(none);
        Leave(0);
    }

    /// <summary>r3, r4 = strings. r3 = 1 when they are the same, else 0.</summary>
    private void WriteSame()
    {
        AssemblerLabel differ = Code.NewLabel();
        Code.Bind(Same);
        Code.Addi(5, 3, -1);
        Code.Addi(4, 4, -1);
        AssemblerLabel next = Code.LabelHere();
        Code.Li(3, 0);
        Code.Lbzu(6, 1, 5);
        Code.Lbzu(7, 1, 4);
        Code.Cmplw(6, 7);
        Code.Bne(differ);
        Code.Cmpwi(6, 0);
        Code.Bne(next);
        Code.Li(3, 1);
        Code.Bind(differ);
        Code.Blr();
    }

    private void WriteFindByType()
    {
        AssemblerLabel done = Code.NewLabel();
        AssemblerLabel deeper = Code.NewLabel();
        Code.Bind(FindByType);
        Enter(2);
        Code.Mr(31, 3);
        Code.Mr(30, 4);

        AssemblerLabel next = Code.LabelHere();
        Code.Mr(3, 31);
        Code.Cmpwi(31, 0);
        Code.Beq(done);
        Code.Mr(6, 31);
        Code.LoadImmediate(7, Text("device_type"));
        Code.LoadImmediate(8, Value);
        Code.Li(9, ValueBytes);
        Service("getprop", 4, 1);
        Code.Cmpwi(3, 0);
        Code.Ble(deeper);
        Code.LoadImmediate(3, Value);
        Code.Mr(4, 30);
        Code.Bl(Same);
        Code.Cmpwi(3, 0);
        Code.Mr(3, 31);
        Code.Bne(done);

        Code.Bind(deeper);
        Code.Mr(6, 31);
        Service("child", 1, 1);
        Code.Mr(4, 30);
        Code.Bl(FindByType);
        Code.Cmpwi(3, 0);
        Code.Bne(done);
        Code.Mr(6, 31);
        Service("peer", 1, 1);
        Code.Mr(31, 3);
        Code.B(next);

        Code.Bind(done);
        Leave(2);
    }
}

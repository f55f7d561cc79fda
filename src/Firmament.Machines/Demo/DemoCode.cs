using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Demo;

/// <summary>The demo's main program, chapter by chapter. It never returns, so r14 to r31 are its own.</summary>
internal sealed class DemoCode(ClientRuntime runtime)
{
    private const int NameBytes = 64;
    private const int ClaimBytes = 0x1_0000;
    private const int ProcessorVersionRegister = 287;
    private const int TimeBaseLower = 268;
    private const int Root = 14;
    private const string NewLine = "\r\n";

    private readonly AssemblerLabel _printValue = new();

    private Assembler Code => runtime.Code;

    /// <summary>Writes the main program and the subroutine only it has.</summary>
    public void Write()
    {
        Start();
        Greet();
        ShowProperties();
        ShowChildren();
        UseMemory();
        ShowTime();
        ShowClock();
        PowerOff();
        WritePrintValue();
    }

    /// <summary>Keeps r5 (PowerPC binding 8.2.1) and looks up the console.</summary>
    private void Start()
    {
        runtime.Store(5, runtime.Handler);
        Code.LoadImmediate(6, runtime.Text("/chosen"));
        runtime.Service("finddevice", 1, 1);
        GetCell("stdout");
        runtime.Store(3, runtime.Stdout);
        Code.Li(6, 0);
        runtime.Service("peer", 1, 1);
        Code.Mr(Root, 3);
    }

    private void Greet()
    {
        runtime.Say("Hello from PowerPC code, through the client interface of Open Firmware." + NewLine + "The processor's version is 0x");
        Code.Mfspr(3, ProcessorVersionRegister);
        Code.Bl(runtime.PrintHex);
        runtime.Say("." + NewLine);
    }

    private void ShowProperties()
    {
        const int Previous = 15;
        const int Name = 16;
        AssemblerLabel end = Code.NewLabel();
        runtime.Say(NewLine + "Properties of the root node:" + NewLine);
        Code.LoadImmediate(Previous, runtime.Reserve(NameBytes));
        Code.LoadImmediate(Name, runtime.Reserve(NameBytes));

        AssemblerLabel next = Code.LabelHere();
        Code.Mr(6, Root);
        Code.Mr(7, Previous);
        Code.Mr(8, Name);
        runtime.Service("nextprop", 3, 1);
        Code.Cmpwi(3, 1);
        Code.Bne(end);
        runtime.Say("  ");
        Code.Mr(3, Name);
        Code.Bl(runtime.Print);
        Code.Mr(3, Root);
        Code.Mr(4, Name);
        Code.Bl(_printValue);
        runtime.Say(NewLine);
        Code.Mr(3, Previous);
        Code.Mr(Previous, Name);
        Code.Mr(Name, 3);
        Code.B(next);
        Code.Bind(end);
    }

    private void ShowChildren()
    {
        const int Node = 15;
        AssemblerLabel end = Code.NewLabel();
        runtime.Say(NewLine + "Its children:" + NewLine);
        Code.Mr(6, Root);
        runtime.Service("child", 1, 1);
        Code.Mr(Node, 3);

        AssemblerLabel next = Code.LabelHere();
        Code.Cmpwi(Node, 0);
        Code.Beq(end);
        runtime.Say("  ");
        PrintPath(Node);
        runtime.Say(NewLine);
        Code.Mr(6, Node);
        runtime.Service("peer", 1, 1);
        Code.Mr(Node, 3);
        Code.B(next);
        Code.Bind(end);
    }

    private void UseMemory()
    {
        const int Claimed = 15;
        const int Wrong = 16;
        AssemblerLabel failed = Code.NewLabel();
        AssemblerLabel end = Code.NewLabel();
        Claim(ClaimBytes);
        Code.Mr(Claimed, 3);
        Code.Cmpwi(Claimed, -1);
        Code.Beq(failed);
        runtime.Say(NewLine + $"Memory: claimed {ClaimBytes} bytes at 0x");
        Code.Mr(3, Claimed);
        Code.Bl(runtime.PrintHex);

        // Each word gets its own address, inverted.
        Count(ClaimBytes / 4);
        Code.Addi(5, Claimed, -4);
        AssemblerLabel write = Code.LabelHere();
        Code.Addi(6, 5, 4);
        Code.Nor(6, 6, 6);
        Code.Stwu(6, 4, 5);
        Code.Bdnz(write);

        Count(ClaimBytes / 4);
        Code.Addi(5, Claimed, -4);
        Code.Li(Wrong, 0);
        AssemblerLabel read = Code.LabelHere();
        AssemblerLabel right = Code.NewLabel();
        Code.Lwzu(6, 4, 5);
        Code.Nor(6, 6, 6);
        Code.Cmplw(6, 5);
        Code.Beq(right);
        Code.Addi(Wrong, Wrong, 1);
        Code.Bind(right);
        Code.Bdnz(read);
        runtime.Say($"; of {ClaimBytes / 4} words written, ");
        runtime.SayDecimal(Wrong);
        runtime.Say(" read back wrong." + NewLine);

        Release(Claimed);
        Code.Mr(6, Claimed);
        Code.LoadImmediate(7, ClaimBytes);
        Code.Li(8, 0);
        runtime.Service("claim", 3, 1);
        Code.Cmplw(3, Claimed);
        Code.Bne(failed);
        Release(Claimed);
        runtime.Say("Released it, claimed the same place again, released that." + NewLine);
        Code.B(end);

        Code.Bind(failed);
        runtime.Say(NewLine + "Memory: the firmware has none to give." + NewLine);
        Code.Bind(end);
    }

    private void ShowTime()
    {
        const int Before = 15;
        const int Ticks = 16;
        const int Since = 17;
        AssemblerLabel end = Code.NewLabel();
        runtime.Service("milliseconds", 0, 1);
        Code.Mr(Before, 3);
        Find("cpu");
        Code.Cmpwi(3, 0);
        Code.Beq(end);
        GetCell("timebase-frequency");
        Code.Li(4, 200);
        Code.Divwu(Ticks, 3, 4);

        Code.Mftb(Since, TimeBaseLower);
        AssemblerLabel wait = Code.LabelHere();
        Code.Mftb(3, TimeBaseLower);
        Code.Sub(3, 3, Since);
        Code.Cmplw(3, Ticks);
        Code.Blt(wait);
        runtime.Say(NewLine + "Time: ");
        runtime.SayDecimal(Before);
        runtime.Say(" ms since power-on; after ");
        runtime.SayDecimal(Ticks);
        runtime.Say(" ticks of the time base, ");
        runtime.Service("milliseconds", 0, 1);
        runtime.SayDecimal(3);
        runtime.Say(" ms." + NewLine);
        Code.Bind(end);
    }

    private void ShowClock()
    {
        const int Clock = 15;
        AssemblerLabel end = Code.NewLabel();
        Find("rtc");
        Code.Mr(Clock, 3);
        Code.Cmpwi(Clock, 0);
        Code.Beq(end);
        runtime.Say("The clock is ");
        PrintPath(Clock);
        Code.LoadImmediate(6, runtime.Value);
        runtime.Service("open", 1, 1);
        Code.Mr(Clock, 3);
        Code.Mr(7, Clock);
        Code.LoadImmediate(6, runtime.Text("get-time"));
        const int Arguments = 2;
        const int Results = 7;
        runtime.Service("call-method", Arguments, Results);

        AssemblerLabel failed = Code.NewLabel();
        Code.Cmpwi(3, 0);
        Code.Bne(failed);

        // get-time leaves the year on top of the stack, and results come from the top down.
        PrintTime(" and says ", Arguments);
        Code.Bind(failed);
        runtime.Say("." + NewLine);
        Code.Mr(6, Clock);
        runtime.Service("close", 1, 0);
        Code.Bind(end);
    }

    /// <summary>Instantiates RTAS and has it switch the machine off. Without RTAS the client can only exit.</summary>
    private void PowerOff()
    {
        const int Node = 15;
        const int Base = 16;
        AssemblerLabel none = Code.NewLabel();
        Code.LoadImmediate(6, runtime.Text("/rtas"));
        runtime.Service("finddevice", 1, 1);
        Code.Mr(Node, 3);
        Code.Cmpwi(Node, -1);
        Code.Beq(none);
        GetCell("rtas-size");
        Code.Mr(7, 3);
        Code.Li(6, 0);
        Code.Li(8, 0x1000);
        runtime.Service("claim", 3, 1);
        Code.Mr(Base, 3);
        runtime.Store(Base, runtime.RtasBase);
        Code.LoadImmediate(6, runtime.Text("/rtas"));
        runtime.Service("open", 1, 1);
        Code.Mr(7, 3);
        Code.LoadImmediate(6, runtime.Text("instantiate-rtas"));
        Code.Mr(8, Base);
        runtime.Service("call-method", 3, 2);
        Code.Cmpwi(3, 0);
        Code.Bne(none);
        runtime.Result(4, 3, 1);
        runtime.Store(4, runtime.RtasEntry);

        runtime.Say("RTAS is at 0x");
        Code.Mr(3, Base);
        Code.Bl(runtime.PrintHex);
        Code.Mr(3, Node);
        GetCell("get-time-of-day");
        runtime.Rtas(0, 8);
        AssemblerLabel noTime = Code.NewLabel();
        Code.Cmpwi(3, 0);
        Code.Bne(noTime);
        PrintTime(" and says ", arguments: 0);
        Code.Bind(noTime);
        runtime.Say("." + NewLine + NewLine + "Power off." + NewLine);
        Code.Mr(3, Node);
        GetCell("power-off");
        Code.Li(6, 0);
        Code.Li(7, 0);
        runtime.Rtas(2, 1);

        Code.Bind(none);
        runtime.Say(NewLine + "There is no RTAS that could switch the machine off; exit." + NewLine);
        runtime.Service("exit", 0, 0);
        AssemblerLabel forever = Code.LabelHere();
        Code.B(forever);
    }

    /// <summary>r3 = node, r4 = name: prints " = " and the value, as text, as cells, or as its length.</summary>
    private void WritePrintValue()
    {
        const int At = 31;
        const int Length = 30;
        const int Kept = 2;
        AssemblerLabel done = Code.NewLabel();
        AssemblerLabel cells = Code.NewLabel();
        AssemblerLabel bytes = Code.NewLabel();
        Code.Bind(_printValue);
        runtime.Enter(Kept);
        Code.Mr(6, 3);
        Code.Mr(7, 4);
        Code.LoadImmediate(8, runtime.Value);
        Code.Li(9, ClientRuntime.ValueBytes);
        runtime.Service("getprop", 4, 1);
        Code.Mr(Length, 3);
        Code.Cmpwi(Length, 0);
        Code.Ble(done);
        runtime.Say(" = ");
        Code.Cmpwi(Length, ClientRuntime.ValueBytes);
        Code.Bgt(bytes);

        // Text is at least one printable character, then one NUL.
        Code.Addi(4, Length, -1);
        Code.Cmpwi(4, 0);
        Code.Beq(bytes);
        Code.Mtctr(4);
        Code.LoadImmediate(At, runtime.Value);
        Code.Addi(5, At, -1);
        AssemblerLabel next = Code.LabelHere();
        Code.Lbzu(6, 1, 5);
        Code.Cmplwi(6, ' ');
        Code.Blt(cells);
        Code.Cmplwi(6, '~');
        Code.Bgt(cells);
        Code.Bdnz(next);
        Code.Lbz(6, 1, 5);
        Code.Cmpwi(6, 0);
        Code.Bne(cells);
        runtime.Say("\"");
        Code.Mr(3, At);
        Code.Bl(runtime.Print);
        runtime.Say("\"");
        runtime.Leave(Kept);

        Code.Bind(cells);
        Code.Andi_(6, Length, 3);
        Code.Bne(bytes);
        AssemblerLabel nextCell = Code.LabelHere();
        runtime.Say("0x");
        Code.Lwz(3, 0, At);
        Code.Bl(runtime.PrintHex);
        Code.Addi(At, At, 4);
        Code.Addic_(Length, Length, -4);
        Code.Beq(done);
        runtime.Say(" ");
        Code.B(nextCell);

        Code.Bind(bytes);
        runtime.SayDecimal(Length);
        runtime.Say(" bytes");
        Code.Bind(done);
        runtime.Leave(Kept);
    }

    private void GetCell(string name)
    {
        Code.LoadImmediate(4, runtime.Text(name));
        Code.Bl(runtime.GetCell);
    }

    private void Find(string type)
    {
        Code.Mr(3, Root);
        Code.LoadImmediate(4, runtime.Text(type));
        Code.Bl(runtime.FindByType);
    }

    private void PrintPath(int node)
    {
        // The length leaves room for a NUL: a path comes without one when it just fits.
        AssemblerLabel fits = Code.NewLabel();
        Code.Mr(6, node);
        Code.LoadImmediate(7, runtime.Value);
        Code.Li(8, ClientRuntime.ValueBytes - 1);
        runtime.Service("package-to-path", 3, 1);
        Code.Cmplwi(3, ClientRuntime.ValueBytes - 1);
        Code.Ble(fits);
        Code.Li(3, 0);
        Code.Bind(fits);
        Code.LoadImmediate(4, runtime.Value);
        Code.Li(5, 0);
        Code.Stbx(5, 3, 4);
        Code.Mr(3, 4);
        Code.Bl(runtime.Print);
    }

    /// <summary>Prints year, month, day, hour, minute and second: results 1 to 6 of the last call, which had so many arguments.</summary>
    private void PrintTime(string introduction, int arguments)
    {
        const int Year = 20;
        ReadOnlySpan<string> before = [introduction, "-", "-", " ", ":", ":"];
        for (int i = 0; i < before.Length; i++)
        {
            runtime.Result(Year + i, arguments, 1 + i);
        }

        for (int i = 0; i < before.Length; i++)
        {
            runtime.Say(before[i]);
            runtime.SayDecimal(Year + i, digits: i == 0 ? 4 : 2);
        }
    }

    private void Claim(int bytes)
    {
        Code.Li(6, 0);
        Code.LoadImmediate(7, (uint)bytes);
        Code.Li(8, 0x1000);
        runtime.Service("claim", 3, 1);
    }

    private void Release(int register)
    {
        Code.Mr(6, register);
        Code.LoadImmediate(7, ClaimBytes);
        runtime.Service("release", 2, 0);
    }

    private void Count(int times)
    {
        Code.LoadImmediate(3, (uint)times);
        Code.Mtctr(3);
    }
}

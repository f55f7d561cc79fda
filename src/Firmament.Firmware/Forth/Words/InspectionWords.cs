using System.Globalization;
using System.Text;
using Firmament.Firmware.Forth.Engine;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Looking at words, memory and the processor (IEEE 1275-1994 7.3.9.4, 7.5, 7.6).</summary>
internal static class InspectionWords
{
    private const int Width = 78;
    private const int DisassembledAtOnce = 16;
    private const int MostDumped = 0x10000;

    public static void AddTo(WordTable t)
    {
        t.Add("words", "--", static f => Words(f));
        t.Add("see", "--", static f => Decompiler.Show(f, f.Compiler.ParseWord()));
        t.Add("(see)", "xt --", static f => Decompiler.Show(f, f.Dictionary.WordOf(f.Pop())));
        t.Add("dump", "addr len --", static f => Dump(f));
        t.Add("dis", "addr --", static f => Disassemble(f, f.PopUnsigned()));
        t.Add("+dis", "--", static f => Disassemble(f, f.Memory.Variable(DataSpace.LoadBaseVariable)));
        t.Add(".registers", "--", static f => Registers(f));
        t.Add("banner", "--", static f => Banner.Show(f));
        t.Add(".version", "--", static f => f.Output.Line(Banner.Title));
        t.Add("help", "--", static f => Help(f));
    }

    private static void Words(ForthEngine f)
    {
        int[] lists = f.Devices.Active != null ? [f.Dictionary.SearchOrder[0]] : f.Dictionary.SearchOrder.ToArray();
        HashSet<int> shown = [];
        foreach (int list in lists.Where(shown.Add))
        {
            foreach ((string name, int _) in f.Dictionary.List(list).Words.OrderByDescending(static word => word.Value))
            {
                f.Charge(50);
                if (f.Output.Column + name.Length + 1 > Width)
                {
                    f.Output.CarriageReturn();
                }

                f.Output.Type(name + " ");
            }
        }

        f.Output.FreshLine();
    }

    private static void Dump(ForthEngine f)
    {
        uint length = Math.Min(f.PopUnsigned(), MostDumped);
        uint address = f.PopUnsigned();
        Span<byte> bytes = stackalloc byte[16];
        for (uint done = 0; done < length && f.Fault == 0; done += 16)
        {
            f.Charge(100);
            Span<byte> run = bytes[..(int)Math.Min(16, length - done)];
            if (!f.Memory.TryRead(address + done, run))
            {
                f.Throw(ThrowCode.InvalidAddress);
                return;
            }

            StringBuilder line = new(string.Create(CultureInfo.InvariantCulture, $"{address + done:x8}: "));
            for (int i = 0; i < 16; i++)
            {
                line.Append(i % 4 == 0 && i > 0 ? " " : "").Append(i < run.Length ? run[i].ToString("x2", CultureInfo.InvariantCulture) : "  ");
            }

            f.Output.Type(line.Append("  ").ToString());
            f.Output.TypeVisible(run);
            f.Output.CarriageReturn();
        }
    }

    private static void Disassemble(ForthEngine f, uint address)
    {
        bool is64Bit = f.Firmware.Platform.Processors.Count > 0 && f.Firmware.Platform.Processors[0].Is64Bit;
        CpuModel model = CpuModel.All.Last(model => model.Is64Bit == is64Bit);
        Disassembler disassembler = new(new PowerPC.Isa.Decoder(model.Features));
        address &= ~3u;
        for (int i = 0; i < DisassembledAtOnce; i++, address += 4)
        {
            if (!f.Memory.TryFetch(address, out uint word))
            {
                f.Throw(ThrowCode.InvalidAddress);
                return;
            }

            f.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{address:x8}: {word:x8}  {disassembler.Print(word, address)}"));
        }

        f.Charge(10_000);
        f.Memory.SetVariable(DataSpace.LoadBaseVariable, address);
    }

    /// <summary>The client's registers: the CPU has them as they were when the client called.</summary>
    private static void Registers(ForthEngine f)
    {
        if (f.Firmware.Platform.Processors.Count == 0)
        {
            return;
        }

        IProcessor cpu = f.Firmware.Platform.Processors[0];
        string format = cpu.Is64Bit ? "x16" : "x8";
        int perLine = cpu.Is64Bit ? 3 : 4;
        for (int i = 0; i < 32; i++)
        {
            f.Output.Type(string.Create(CultureInfo.InvariantCulture, $"{"r" + i,4} {cpu.ReadGpr(i).ToString(format, CultureInfo.InvariantCulture)}"));
            if (i % perLine == perLine - 1 || i == 31)
            {
                f.Output.CarriageReturn();
            }
        }

        foreach ((string name, ulong value) in (ReadOnlySpan<(string, ulong)>)[("pc", cpu.Pc), ("lr", cpu.Lr), ("msr", cpu.Msr)])
        {
            f.Output.Type(string.Create(CultureInfo.InvariantCulture, $"{name,4} {value.ToString(format, CultureInfo.InvariantCulture)}"));
        }

        f.Output.CarriageReturn();
    }

    private static void Help(ForthEngine f)
    {
        if (f.Input.TryParseWord(out ReadOnlySpan<byte> name))
        {
            int word = f.Dictionary.Find(name);
            if (word < 0)
            {
                f.Throw(ThrowCode.UndefinedWord);
            }
            else if (word < f.Dictionary.FirstUserWord)
            {
                WordRow row = BuiltinWords.Instance.Rows[word];
                f.Output.Line($"{row.Name} ( {row.Effect} )");
            }
            else
            {
                Decompiler.Show(f, word);
            }

            return;
        }

        f.Output.Line("boot [DEVICE] [ARGUMENTS]   load and start an operating system");
        f.Output.Line("show-devs  devalias         devices, and short names for them");
        f.Output.Line("dev PATH  ls  pwd           look around in the device tree");
        f.Output.Line(".properties  words          what the device has");
        f.Output.Line("printenv  setenv NAME VALUE configuration variables");
        f.Output.Line("ADDR LEN dump  ADDR dis     memory as bytes and as instructions");
        f.Output.Line("see WORD  help WORD         a word's definition, its stack effect");
        f.Output.Line("reset-all  power-off        leave");
    }
}

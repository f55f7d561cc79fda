using Firmament.PowerPC.Translator.X64;
using Iced.Intel;
using MemoryOperand = Firmament.PowerPC.Translator.X64.MemoryOperand;

namespace Firmament.PowerPC.Tests.Translator;

/// <summary>What the assembler writes for scalar floating point, read by a disassembler that is not ours (Iced), for low and high registers.</summary>
public sealed unsafe class ScalarEncodingTests
{
    private static readonly XmmRegister[] Registers = [XmmRegister.Xmm0, XmmRegister.Xmm7, XmmRegister.Xmm8, XmmRegister.Xmm15];
    private static readonly HostRegister[] General = [HostRegister.Rax, HostRegister.Rbp, HostRegister.R9, HostRegister.R13];

    [Fact]
    public void Operations_on_three_registers_are_what_they_are_called()
    {
        foreach (XmmRegister to in Registers)
        {
            foreach (XmmRegister b in Registers)
            {
                foreach (XmmRegister c in Registers)
                {
                    string operands = $"{Name(to)},{Name(b)},{Name(c)}";
                    foreach ((ScalarOperation operation, string name) in (ReadOnlySpan<(ScalarOperation, string)>)
                        [(ScalarOperation.Add, "vaddsd"), (ScalarOperation.Subtract, "vsubsd"), (ScalarOperation.Multiply, "vmulsd"), (ScalarOperation.Divide, "vdivsd"), (ScalarOperation.SquareRoot, "vsqrtsd")])
                    {
                        Check($"{name} {operands}", a => a.Scalar(operation, to, b, c));
                    }

                    foreach ((LogicalOperation operation, string name) in (ReadOnlySpan<(LogicalOperation, string)>)
                        [(LogicalOperation.And, "vandpd"), (LogicalOperation.AndNot, "vandnpd"), (LogicalOperation.Or, "vorpd"), (LogicalOperation.Xor, "vxorpd")])
                    {
                        Check($"{name} {operands}", a => a.Logical(operation, to, b, c));
                    }

                    foreach ((FusedOperation operation, string name) in (ReadOnlySpan<(FusedOperation, string)>)
                        [(FusedOperation.Add213, "vfmadd213sd"), (FusedOperation.Subtract213, "vfmsub213sd"), (FusedOperation.Add231, "vfmadd231sd"), (FusedOperation.Subtract231, "vfmsub231sd"), (FusedOperation.NegateAdd231, "vfnmadd231sd")])
                    {
                        Check($"{name} {operands}", a => a.Fused(operation, to, b, c));
                    }

                    Check($"vcmplesd {operands}", a => a.MaskLessOrEqual(to, b, c));
                    Check($"vblendvpd {operands},xmm9", a => a.Blend(to, b, c, XmmRegister.Xmm9));
                }
            }
        }
    }

    [Fact]
    public void Operations_on_two_registers_are_what_they_are_called()
    {
        foreach (XmmRegister to in Registers)
        {
            foreach (XmmRegister from in Registers)
            {
                Check($"vmovapd {Name(to)},{Name(from)}", a => a.MoveDouble(to, from));
                Check($"vucomisd {Name(to)},{Name(from)}", a => a.CompareDouble(to, from));
                Check($"vroundsd {Name(to)},{Name(from)},{Name(from)},0Bh", a => a.RoundToIntegral(to, from, 3));
                Check($"vcvtsd2ss {Name(to)},{Name(from)},{Name(from)}", a => a.DoubleToSingle(to, from));
                Check($"vcvtss2sd {Name(to)},{Name(from)},{Name(from)}", a => a.SingleToDouble(to, from));
            }

            Check($"vxorps {Name(to)},{Name(to)},{Name(to)}", a => a.ClearVector(to));
            Check($"vpcmpeqd {Name(to)},{Name(to)},{Name(to)}; vpsllq {Name(to)},{Name(to)},3Fh", a => a.SignBits(to));
        }
    }

    [Fact]
    public void Moves_between_register_files_and_storage_are_what_they_are_called()
    {
        foreach (XmmRegister vector in Registers)
        {
            foreach (HostRegister general in General)
            {
                Check($"vmovq {Name(general, true)},{Name(vector)}", a => a.MoveBits(general, vector, true));
                Check($"vmovq {Name(vector)},{Name(general, true)}", a => a.MoveBits(vector, general, true));
                Check($"vmovd {Name(general, false)},{Name(vector)}", a => a.MoveBits(general, vector, false));
                Check($"vmovd {Name(vector)},{Name(general, false)}", a => a.MoveBits(vector, general, false));
                Check($"vcvtsi2sd {Name(vector)},{Name(vector)},{Name(general, true)}", a => a.IntegerToDouble(vector, vector, general));
                Check($"vcvttsd2si {Name(general, true)},{Name(vector)}", a => a.TruncateToInteger(general, vector));
                Check($"vcvtsd2si {Name(general, true)},{Name(vector)}", a => a.RoundToInteger(general, vector));
                MemoryOperand near = new(general, 0x10);
                MemoryOperand far = new(HostRegister.Rcx, general, 0x1234);
                Check($"vmovsd {Name(vector)},[{Name(general, true)}+10h]", a => a.LoadDouble(vector, near));
                Check($"vmovsd [{Name(general, true)}+10h],{Name(vector)}", a => a.StoreDouble(near, vector));
                Check($"vmovsd {Name(vector)},[rcx+{Name(general, true)}+1234h]", a => a.LoadDouble(vector, far));
                Check($"vmovsd [rcx+{Name(general, true)}+1234h],{Name(vector)}", a => a.StoreDouble(far, vector));
            }
        }
    }

    private static void Check(string expected, Action<X64Assembler> write)
    {
        byte[] code = new byte[64];
        int length;
        fixed (byte* start = code)
        {
            X64Assembler assembler = new();
            assembler.Begin(start, code.Length);
            write(assembler);
            length = assembler.Position;
        }

        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(code, 0, length));
        IntelFormatter formatter = new();
        formatter.Options.MemorySizeOptions = MemorySizeOptions.Never;
        formatter.Options.UsePseudoOps = true;
        List<string> lines = [];
        while (decoder.IP < (ulong)length)
        {
            StringOutput output = new();
            formatter.Format(decoder.Decode(), output);
            lines.Add(output.ToString());
        }

        Assert.Equal(expected, string.Join("; ", lines));
    }

    private static string Name(XmmRegister register) => $"xmm{(int)register}";

    private static string Name(HostRegister register, bool wide) => (register, wide) switch
    {
        (HostRegister.Rax, true) => "rax",
        (HostRegister.Rax, false) => "eax",
        (HostRegister.Rbp, true) => "rbp",
        (HostRegister.Rbp, false) => "ebp",
        _ => $"r{(int)register}{(wide ? "" : "d")}",
    };
}

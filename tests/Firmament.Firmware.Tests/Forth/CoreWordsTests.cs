namespace Firmament.Firmware.Tests.Forth;

public sealed class CoreWordsTests : IDisposable
{
    private readonly ForthBench _forth = new();

    public void Dispose() => _forth.Dispose();

    [Theory]
    [InlineData("1 2 +", 3)]
    [InlineData("decimal 7 -2 / 7 -2 mod -7 2 /mod", -4, -1, 1, -4)]
    [InlineData("ffffffff 1 u< 1 ffffffff u< -1 1 <", 0, -1, -1)]
    [InlineData("1 2 3 rot", 2, 3, 1)]
    [InlineData("1 2 3 -rot", 3, 1, 2)]
    [InlineData("1 2 tuck nip", 2, 2)]
    [InlineData("1 2 3 4 2swap 2over", 3, 4, 1, 2, 3, 4)]
    [InlineData("1 2 3 4 5 6 2rot", 3, 4, 5, 6, 1, 2)]
    [InlineData("5 6 7 2 pick 3 roll", 6, 7, 5, 5)]
    [InlineData("0 ?dup 4 ?dup depth", 0, 4, 4, 3)]
    [InlineData("80000000 2/ 80000000 u2/ 80000000 4 >>a 80000000 4 >>", unchecked((int)0xc0000000), 0x40000000, unchecked((int)0xf8000000), 0x08000000)]
    [InlineData("1 20 lshift 1 40 lshift -1 21 rshift", 0, 0, 0)]
    [InlineData("5 1 a between 5 1 5 within 5 5 6 within", -1, 0, -1)]
    [InlineData("12345678 lbsplit", 0x78, 0x56, 0x34, 0x12)]
    [InlineData("1 2 3 4 bljoin 1234 wbflip 11223344 lbflip 11223344 lwflip", 0x04030201, 0x3412, 0x44332211, 0x33441122)]
    [InlineData("12345678 lwsplit wljoin 1234 wbsplit bwjoin", 0x12345678, 0x1234)]
    [InlineData("ffffffff ffffffff um* 0 1 2 um/mod", 1, -2, 0, unchecked((int)0x80000000))]
    [InlineData("d# 100 h# 10 o# 17 b# 101 ascii A control C", 100, 16, 15, 5, 65, 3)]
    [InlineData("1. -2. d+ 1 0 2 0 d-", -1, -1, -1, -1)]
    [InlineData("f800.0000 1,000 0x1f $ff #10", unchecked((int)0xf8000000), 0x1000, 0x1f, 0xff, 10)]
    [InlineData("3 even 4 even 3 aligned 4 aligned", 4, 4, 4, 4)]
    public void Numbers_and_stacks(string text, params int[] expected) => Assert.Equal(expected, _forth.Run(text));

    [Theory]
    [InlineData(": f dup if 1 else 2 then ; 0 f 5 f", 0, 2, 5, 1)]
    [InlineData(": f 0 5 0 do i + loop ; f", 10)]
    [InlineData(": f 0 0 0 ?do i + loop ; f", 0)]
    [InlineData(": f 3 0 do 2 0 do j i loop loop ; f", 0, 0, 0, 1, 1, 0, 1, 1, 2, 0, 2, 1)]
    [InlineData(": f 10 0 do i dup 3 = if leave then loop ; f", 0, 1, 2, 3)]
    [InlineData(": f 0 10 do i -4 +loop ; f", 16, 12, 8, 4, 0)]
    [InlineData(": f begin dup while 1- repeat ; 5 f", 0)]
    [InlineData(": f 0 begin 1+ dup 5 = until ; f", 5)]
    [InlineData(": f case 1 of 11 endof 2 of 22 endof 33 swap endcase ; 1 f 2 f 3 f", 0x11, 0x22, 0x33)]
    [InlineData(": f dup 1 > if dup 1- recurse * then ; 5 f", 120)]
    [InlineData(": f 5 0 do i 3 = if i unloop exit then loop 9 ; f", 3)]
    [InlineData("1 if 7 else 8 then 3 0 do i loop", 7, 0, 1, 2)]
    [InlineData("0 begin dup 3 < while 1+ repeat 2 case 2 of 5 endof endcase", 3, 5)]
    [InlineData("variable v 5 v ! 3 v +! v @ v on v @ v off v @", 8, -1, 0)]
    [InlineData("5 value x x 7 to x x 8 is x x", 5, 7, 8)]
    [InlineData("defer d : one 1 ; ' one is d d ' d behavior execute", 1, 1)]
    [InlineData(": const create , does> @ ; 9 const nine nine", 9)]
    [InlineData("struct 4 field a 2 field b constant size 100 a 100 b size", 0x100, 0x104, 6)]
    [InlineData("create t 1 c, 2 w, 3 l, t c@ t 1+ w@ t 3 + l@ here t -", 1, 2, 3, 7)]
    [InlineData("alias twice 2* 4 twice", 8)]
    [InlineData("1 2 2constant two two 10 buffer: b b 10 erase b c@", 1, 2, 0)]
    [InlineData(": f [ 2 3 + ] literal ; f", 5)]
    [InlineData(": f postpone if ; immediate : g f 4 else 5 then ; 1 g 0 g", 4, 5)]
    [InlineData(": f compile dup ; : g [ f ] + ; 4 g", 8)]
    [InlineData(": f ['] + execute ; 1 2 f", 3)]
    [InlineData("\" dup\" $find drop 5 swap execute", 5, 5)]
    [InlineData("\" 1 2 +\" evaluate", 3)]
    [InlineData(":noname 5 ; execute", 5)]
    [InlineData("1 2 3 .( x) ( comment ) \\ rest of line", 1, 2, 3)]
    [InlineData("1 \\ first\n2 \\ second\n3", 1, 2, 3)]
    [InlineData("1 [if] 2 [else] 3 [then] 0 [if] 4 [else] 5 [then]", 2, 5)]
    public void Control_and_definitions(string text, params int[] expected) => Assert.Equal(expected, _forth.Run(text));

    [Theory]
    [InlineData("hex ff .", "ff ")]
    [InlineData("decimal -5 . -5 u. hex", "-5 4294967291 ")]
    [InlineData("10 .d -1 .h 5 4 .r 5 4 u.r", "16 ffffffff    5   5")]
    [InlineData("12345 0 <# # # char . hold #s #> type", "123.45")]
    [InlineData("\" abc\" type .\" def\" space cr", "abcdef \r\n")]
    [InlineData(": f .\" in\" ; f", "in")]
    [InlineData("\" a\"(0d 41)b\" type", "a\rAb")]
    [InlineData("\" ab,cd,ef\" ascii , left-parse-string type space type", "ab cd,ef")]
    [InlineData("\" ab,cd,ef\" ascii , right-parse-string type space type", "ab,cd ef")]
    [InlineData("1 2 3 .s clear .s", "1 2 3 Empty ")]
    [InlineData("\" abc  \" -trailing type \" Q\" drop c@ lcc emit", "abcq")]
    [InlineData("\" hello\" pad pack count type p\" xy\" count type", "helloxy")]
    [InlineData("5 spaces #out @ .", "     5 ")]
    [InlineData(": f 1 2 + ; see f", ": f\r\n   1 2 + \r\n;\r\n")]
    [InlineData("help dup", "dup ( x -- x x )\r\n")]
    public void Printing(string text, string expected) => Assert.Equal(expected, _forth.Print(text));

    [Theory]
    [InlineData("drop", -4)]
    [InlineData("nosuchword", -13)]
    [InlineData(": f recurse ; f", -5)]
    [InlineData("f0000000 @", -9)]
    [InlineData("1 f0000000 !", -9)]
    [InlineData("1 0 /", -10)]
    [InlineData("12 execute", -21)]
    [InlineData("r>", -14)]
    [InlineData("then", -22)]
    [InlineData(": f if ;", -22)]
    [InlineData(": f [ : g ;", -29)]
    [InlineData("abort", -1)]
    [InlineData("-1 throw", -1)]
    [InlineData("1 abort\" no\"", -2)]
    [InlineData(": f 1 abort\" no\" ; f", -2)]
    [InlineData("1234 throw", 0x1234)]
    [InlineData("constant", -4)]
    [InlineData("1 constant", -16)]
    [InlineData("5 to dup", -32)]
    [InlineData(": f begin dup again ; 1 f", -3)]
    [InlineData("7fffffff allot", -8)]
    [InlineData(": f >r ; 1 f", -25)]
    [InlineData("defer d d", -21)]
    [InlineData("defer d ' d is d d", -257)]
    [InlineData("7fff0000 alloc-mem", -59)]
    public void Throw_codes(string text, int expected)
    {
        Assert.Equal(expected, _forth.Try(text));
        Assert.Equal([3], _forth.Run("1 2 +"));
    }

    [Theory]
    [InlineData(": f 5 throw ; : g 1 2 ['] f catch ; g", 1, 2, 5)]
    [InlineData(": f 1 ; ' f catch", 1, 0)]
    [InlineData(": f 1 throw ; : g ['] f catch 10 + throw ; ' g catch", 0x11)]
    [InlineData(": f \" nosuch\" evaluate ; ' f catch", -13)]
    [InlineData("\" drop drop\" ' evaluate catch nip nip", -4)]
    [InlineData("5 value x : f to x ; 7 f x", 7)]
    public void Catching(string text, params int[] expected) => Assert.Equal(expected, _forth.Run(text));

    [Fact]
    public void A_word_that_underflows_is_caught() => Assert.Equal([-4], _forth.Run("' dup catch"));

    [Fact]
    public void An_endless_loop_ends_at_the_step_limit_with_a_trace_line()
    {
        using ForthBench forth = new(steps: 100_000);
        Assert.Equal(-256, forth.Try("begin again"));
        Assert.Contains(forth.Of.Platform.GuestErrors, static e => e.Contains("100000 steps", StringComparison.Ordinal));
        Assert.Equal(-256, forth.Try(": f begin ['] drop catch drop again ; f"));
        Assert.Equal([1], forth.Run("1"));
    }

    [Fact]
    public void Without_memory_interpret_fails_and_nothing_breaks()
    {
        using ForthBench forth = new(ramSize: 1 << 20);
        while (forth.Firmware.Memory.Free is [.., var last])
        {
            Assert.True(forth.Firmware.Memory.TryClaim(last.Start, last.Size));
        }

        Assert.Equal(-8, forth.Try("1"));
    }

    [Fact]
    public void Forth_claims_no_memory_before_it_is_used()
    {
        ulong before = Free();
        Assert.False(_forth.Firmware.HasMethod(_forth.Of.Tree.Root, "nothing"u8));
        Assert.Equal(before, Free());
        _forth.Run("1");
        Assert.True(Free() < before);
    }

    [Fact]
    public void Addresses_mean_what_the_calling_client_means_by_them()
    {
        // The client has page 0x900 at 0x300, 0x901 at 0x200, and nothing else; Forth's own memory is where it is.
        FakeProcessor cpu = new() { Pages = new() { [0x900] = 0x300, [0x901] = 0x200 } };
        GuestAddressSpace space = new(_forth.Of.Platform.Ram, cpu);
        _forth.Of.Write(0x300ffc, [0, 0, 0, 42]);
        _forth.Of.Write(0x300800, "1 2 +"u8);
        Packages.DataStack stack = new();
        Assert.Equal(0, _forth.Firmware.Forth!.Interpret("900ffc @ 900800 5 evaluate 11223344 900ffe ! variable v 7 v ! v @ 5 900800 900805 3 move"u8, space, stack));
        Assert.Equal([5u, 7u, 3u, 42u], (uint[])[stack.Pop(), stack.Pop(), stack.Pop(), stack.Pop()]);
        Assert.Equal([0x11, 0x22], _forth.Of.Bytes(0x300ffe, 2));
        Assert.Equal([0x33, 0x44], _forth.Of.Bytes(0x200000, 2));
        Assert.Equal("1 2 +1 2", System.Text.Encoding.Latin1.GetString(_forth.Of.Bytes(0x300800, 8)));
        Assert.Equal(-9, _forth.Firmware.Forth!.Interpret("300800 @"u8, space, stack));
        Assert.Equal([42], _forth.Run("300ffc w@ drop 2a"));
    }

    [Fact]
    public void What_a_clients_text_dies_of_is_told()
    {
        Assert.Equal(-13, _forth.Try("1 2 nosuch"));
        Assert.Contains("interpret: \"nosuch\": unknown word (-13)", _forth.Of.Platform.GuestErrors);
        Assert.Equal(-2, _forth.Try("1 abort\" Out of tune\""));
        Assert.Equal("Out of tune\r\n", _forth.Output);
    }

    [Fact]
    public void A_client_cannot_release_the_data_space()
    {
        int[] here = _forth.Run("here");
        _forth.Of.Call("release", 0, [(uint)here[0] & ~0xfffu, 0x1000]);
        Assert.False(_forth.Firmware.Memory.TryClaim((uint)here[0] & ~0xfffu, 0x1000));
    }

    [Fact]
    public void Text_of_interpret_is_given_back()
    {
        _forth.Run("1");
        ulong before = Free();
        for (int i = 0; i < 100; i++)
        {
            _forth.Run("1 2 +");
            _forth.Try("nosuch");
        }

        Assert.Equal(before, Free());
    }

    private ulong Free() => _forth.Firmware.Memory.Free.Aggregate(0UL, static (sum, range) => sum + range.Size);
}

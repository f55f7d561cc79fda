using static Firmament.Machines.Tests.Conformance.ConformanceCell;

namespace Firmament.Machines.Tests.Conformance.Cases;

/// <summary>Forth through the client interface, IEEE 1275-1994 6.3.2.6 and chapter 7.</summary>
internal static class ForthCases
{
    private const string Unspecified = "not in 1275";

    public static ConformanceGroup Group { get; } = new('i', "interpret",
    [
        new("interpret", "interpret", ["1 2 +"], 2, "0 0 3", "6.3.2.6"),
        new("interpret nothing", "interpret", [""], 1, "0 0", "6.3.2.6"),
        new("arguments, the top first", "interpret", ["-", 3, 10], 2, "0 0 7", "6.3.2.6"),
        new("results, the top first", "interpret", ["10 20"], 3, "0 0 32 16", "6.3.2.6"),
        new("two in, two out", "interpret", ["swap", 1, 2], 3, "0 0 2 1", "6.3.2.6"),
        new("interpret without results", "interpret", ["1 drop"], 0, "0", "6.3.2.6"),
        new("fewer results than the stack", "interpret", ["1 2 3"], 2, "0 0 3", "6.3.2.6"),
        new("more results than the stack", "interpret", ["1"], 4, "0 0 1", Unspecified),
        new("the stack is empty next time", "interpret", ["depth"], 2, "0 0 *", Unspecified),
        new("numbers are hexadecimal", "interpret", ["10"], 2, "0 0 16", "2.4"),
        new("d# and h#", "interpret", ["d# 10 h# 10"], 3, "0 0 16 10", "7.3.5.1"),
        new("a definition", "interpret", [": conform-sq dup * ; 5 conform-sq"], 2, "0 0 25", "6.3.2.6"),
        new("a definition stays", "interpret", ["conform-sq", 4], 2, "0 0 16", "6.3.2.6"),
        new("an undefined word", "interpret", ["no-such-word"], 1, "0 !0", "6.3.2.6"),
        new("after an undefined word", "interpret", ["1 2 +"], 2, "0 0 3", "6.3.2.6"),
        new("abort", "interpret", ["abort"], 1, "0 -1", "7.3.8.3"),
        new("throw", "interpret", ["5 throw"], 1, "0 5", "7.3.8.3"),
        new("catch in the string", "interpret", ["5 ['] throw catch nip"], 2, "0 0 *", Unspecified),
        new("stack underflow", "interpret", ["drop drop"], 1, "0 !0", Unspecified),
        new("division by zero", "interpret", ["1 0 /"], 1, "0 !0", Unspecified),
        new("true and false", "interpret", ["true false"], 3, "0 0 0 -1", "7.3.1"),
        new("if then", "interpret", ["1 if 2 else 3 then"], 2, "0 0 2", "7.3.8.1"),
        new("do loop", "interpret", ["0 5 0 do i + loop"], 2, "0 0 10", "7.3.8.2"),
        new("case", "interpret", ["2 case 1 of 7 endof 2 of 8 endof drop 9 0 endcase"], 2, "0 0 8", "7.3.8.1"),
        new("value and to", "interpret", ["3 value conform-v 4 to conform-v conform-v"], 2, "0 0 4", "7.3.5.3"),
        new("variable", "interpret", ["variable conform-w 9 conform-w ! conform-w @"], 2, "0 0 9", "7.3.5.3"),
        new("constant", "interpret", ["7 constant conform-c conform-c"], 2, "0 0 7", "7.3.5.3"),
        new("a string", "interpret", ["\" abc\" nip"], 2, "0 0 3", "7.3.4.5"),
        new("evaluate", "interpret", ["\" 1 2 +\" evaluate"], 2, "0 0 3", "7.3.9.1"),
        new("find-package", "interpret", ["\" /chosen\" find-package"], 3, "0 0 -1 h", "7.4.9"),
        new("find-package of none", "interpret", ["\" /no-such-node\" find-package"], 2, "0 0 0", "5.3.4"),
        new("get-package-property", "interpret", ["\" name\" \" /chosen\" find-package drop get-package-property 0= if nip then"], 2, "0 0 7", "5.3.5"),
        new("get-package-property of none", "interpret", ["\" no-such\" \" /chosen\" find-package drop get-package-property"], 2, "0 0 -1", "5.3.5"),
        new("find-device", "interpret", ["\" /chosen\" find-device device-end"], 1, "0 0", "7.4.11"),
        new("dev", "interpret", ["dev /chosen device-end"], 1, "0 0", "7.4.11"),
        new("dev of none", "interpret", ["dev /no-such-node"], 1, "0 !0", "7.4.11"),
        new("open-dev", "interpret", ["\" /memory\" open-dev close-dev"], 1, "0 0", "5.3.4"),
        new("open-dev of none", "interpret", ["\" /no-such-node\" open-dev"], 2, "0 0 0", "5.3.4"),
        new("ihandle>phandle", "interpret", ["ihandle>phandle", Saved("stdout")], 2, "0 0 h", "5.3.4"),
        new("$call-method", "interpret", ["\" write\" rot $call-method", Saved("stdout"), 2, "\r\n"], 2, "0 0 *", Unspecified),
        new("alloc-mem and free-mem", "interpret", ["100 alloc-mem dup 100 free-mem"], 2, "0 0 h", "7.3.3.2"),
        new("ms", "interpret", ["1 ms"], 1, "0 0", "7.3.10"),
        new("get-msecs", "interpret", ["get-msecs"], 2, "0 0 *", "7.3.10"),
        new("encode and decode", "interpret", ["12345 encode-int decode-int nip nip"], 2, "0 0 0x12345", "5.3.5"),
        new("comparison of strings", "interpret", ["\" abc\" drop \" abc\" comp"], 2, "0 0 0", "7.3.3.4"),
        new("memory operators", "interpret", ["12345678 0 pad l! pad l@"], 2, "0 * *", Unspecified),
        new("a nested conditional", "interpret", [": conform-n 0 begin 1+ dup 5 = until ; conform-n"], 2, "0 0 5", "7.3.8.2"),
        new("emit", "interpret", ["d emit a emit"], 1, "0 0", "7.3.4.3"),
        new("unfinished definition", "interpret", [": conform-u 1"], 1, "0 *", Unspecified),
        new("after an unfinished definition", "interpret", ["1 2 +"], 2, "0 * *", Unspecified),
    ]);
}

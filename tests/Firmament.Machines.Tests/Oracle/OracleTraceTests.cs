using System.Text.RegularExpressions;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Boots;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Oracle;

/// <summary>
/// Boots the kernels that QEMU's trace is of and compares the client-interface calls: the same services with the same arguments in
/// the same order, except for what the rules list. docs/pegasos2-trace.md explains each rule at more length.
/// </summary>
public sealed partial class OracleTraceTests
{
    private const bool Ours = true;
    private const bool Theirs = false;

    private static readonly string[] IsaDevicesWithoutCompatible = ["serial@i2f8", "8042@i60", "keyboard@i60", "timer@i40", "fdc@i3f0", "lpt@i3bc"];
    private static readonly string[] FunctionsWithBars = ["ide@c,1", "usb@c,2", "usb@c,3", "sound@c,5", "pci1106,3068@c,6"];

    private static readonly DifferenceRule[] Rules =
    [
        // QEMU's firmware runs in the guest and calls itself.
        new("QEMU's firmware claims its own image and stack and the kernel's, and opens the console", Theirs,
            static (trace, i) => i == 0 ? trace.TakeWhile(static call => call != "getprop /chosen \"qemu,boot-kernel\"").Count() + 1 : 0),
        DifferenceRule.Properties("where QEMU's firmware is told the kernel's place", Theirs, "/chosen", "qemu,boot-kernel"),
        new("instantiate-rtas runs in the guest, as client calls of QEMU's firmware", Theirs, InstantiateRtas),
        new("QEMU's instance-to-path is traced a second time, as the instance-to-package it uses", Theirs,
            static (trace, i) => i + 1 < trace.Count && trace[i] == "instance-to-package /failsafe" && trace[i + 1] == "instance-to-path /failsafe" ? 1 : 0),

        // Phandles are not properties.
        new("QEMU keeps each phandle in a property; here a client's own copy gets one", Theirs, static (trace, i) => trace[i].EndsWith("\"phandle\"", StringComparison.Ordinal) ? 1 : 0),

        // What QEMU 7.2 leaves out.
        DifferenceRule.Sequence("/chosen cpu names the boot CPU, so Linux looks at it", Ours,
            "instance-to-package /cpus/PowerPC,G4", "getprop /cpus/PowerPC,G4 \"reg\""),
        new("/chosen as IEEE 1275 and its PowerPC binding have it", Ours, Chosen),
        new("nodes that QEMU's tree does not have", Ours, static (trace, i) => MissingNode().IsMatch(trace[i]) ? 1 : 0),
        DifferenceRule.Properties("PCI clocks, as in newer QEMU", Ours, "/pci@80000000", "clock-frequency"),
        DifferenceRule.Properties("PCI clocks, as in newer QEMU", Ours, "/pci@c0000000", "clock-frequency"),
        DifferenceRule.Properties("ISA bridge, as in newer QEMU", Ours, "/pci@80000000/isa@c", "eisa-slots", "clock-frequency", "slot-names"),
        .. IsaDevicesWithoutCompatible.Select(static name =>
            DifferenceRule.Properties("ISA devices have a compatible, as in newer QEMU", Ours, "/pci@80000000/isa@c/" + name, "compatible")),
        .. FunctionsWithBars.Select(static name =>
            DifferenceRule.Properties("the firmware assigns base addresses and says so", Ours, "/pci@80000000/" + name, "assigned-addresses")),
    ];

    /// <summary>QEMU's log is of an older build of the image, which had the initramfs in the kernel instead of beside it.</summary>
    private static readonly DifferenceRule[] RebuiltImage =
    [
        new("the newer image has its initramfs beside the kernel: the boot wrapper moves it and tells Linux", Ours, static (trace, i) => InitrdCall().IsMatch(trace[i]) ? 1 : 0),
        new("memory for that initramfs", Ours, InitrdClaim),
        new("a claim that hit the wrapper's own memory is tried again above it; with the initramfs in between it does not", Theirs,
            static (trace, i) => i > 0 && trace[i - 1] == "claim # # align #" && trace[i] == trace[i - 1] && i + 1 < trace.Count && trace[i + 1].Contains("Building dt strings", StringComparison.Ordinal) ? 1 : 0),
    ];

    [Fact]
    public void A_kernel_asks_what_it_asked_the_oracle_in_the_same_order() =>
        Compare("ppc32/vmlinux-builtin-16m", "vof-trace-vmlinux16m-72.log", Rules, static call => StackAddress().Replace(call, "$1#"));

    [Fact]
    public void A_boot_wrapper_asks_what_it_asked_the_oracle_in_the_same_order() =>
        Compare("ppc32/zImage.initrd", "vof-trace-zImage-72.log", [.. Rules, .. RebuiltImage], WithoutNumbers);

    private static void Compare(string image, string log, IReadOnlyList<DifferenceRule> rules, Func<string, string> normalise)
    {
        string oracle = Guests.OraclePath(log);
        ClientCalls calls = new();
        using (VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(image, "run=true") with { Trace = TraceCategory.Firmware }, new HostServices { TraceSink = calls }))
        {
            Assert.True(machine.RunUntil("Booting Linux via __start()", virtualSeconds: 60), machine.Tail());
            Assert.True(machine.RunUntil("...", virtualSeconds: 1), machine.Tail());
            machine.RunUntil("Linux/PPC", virtualSeconds: 1);
        }

        HashSet<DifferenceRule> used = [];
        List<string> theirs = InOrderOfName(DifferenceRule.Apply([.. OracleLog.Read(oracle).Select(normalise)], Theirs, rules, used));
        List<string> ours = InOrderOfName(DifferenceRule.Apply([.. calls.Calls.Select(normalise)], Ours, rules, used));

        for (int i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            string a = i < theirs.Count ? theirs[i] : "(nothing)";
            string b = i < ours.Count ? ours[i] : "(nothing)";
            Assert.True(a == b, $"call {i} after {string.Join(" | ", ours.Take(i).TakeLast(3))}:\n  QEMU: {a}\n  ours: {b}");
        }

        // Were the traces not read at all, they would be equal too.
        Assert.True(ours.Count > 500, $"only {ours.Count} calls were compared");
        string[] stale = [.. rules.Where(rule => !used.Contains(rule)).Select(static rule => rule.Why)];
        Assert.True(stale.Length == 0, "these rules explain nothing any more: " + string.Join("; ", stale));
    }

    /// <summary>IEEE 1275 gives the properties of a node no order; Linux copies them in the order the firmware has.</summary>
    private static List<string> InOrderOfName(List<string> calls)
    {
        List<string> result = [];
        for (int i = 0; i < calls.Count;)
        {
            string node = CopiedNode().Match(calls[i]).Groups["path"].Value;
            int end = i + 1;
            while (node.Length > 0 && end < calls.Count && CopiedNode().Match(calls[end]).Groups["path"].Value == node)
            {
                end++;
            }

            List<string> run = calls[i..end];
            if (run.Any(static call => call.StartsWith("getproplen ", StringComparison.Ordinal)))
            {
                run.Sort(StringComparer.Ordinal);
            }

            result.AddRange(run);
            i = end;
        }

        return result;
    }

    private static string WithoutNumbers(string call) =>
        call.StartsWith("write ", StringComparison.Ordinal) || call.StartsWith("claim ", StringComparison.Ordinal)
            ? Banner().Replace(Number().Replace(call, "#"), "Linux version")
            : call;

    private static int InstantiateRtas(IReadOnlyList<string> trace, int i) =>
        i > 1 && trace[i] == "finddevice \"/rtas\"" && trace[i + 1] == "getprop /rtas \"rtas-size\"" && trace[i - 1].StartsWith("write ", StringComparison.Ordinal) ? 2 : 0;

    // The kernel asks for stdin and cpu once itself, on both machines; only the copying of the tree differs.
    private static int Chosen(IReadOnlyList<string> trace, int i) => ChosenProperty().IsMatch(trace[i]) ? 2 : 0;

    private static int InitrdClaim(IReadOnlyList<string> trace, int i) =>
        i + 1 < trace.Count && trace[i].StartsWith("claim ", StringComparison.Ordinal) && trace[i + 1].Contains("Relocating initrd", StringComparison.Ordinal) ? 1 : 0;

    [GeneratedRegex("^getproplen /chosen \"(stdin|memory|mmu|cpu|rng-seed)\"$")]
    private static partial Regex ChosenProperty();

    [GeneratedRegex("^\\S+ /(nvram|options|packages(/[a-z-]+)?)( |$)")]
    private static partial Regex MissingNode();

    [GeneratedRegex("^getprop(len)? (?<path>\\S+) ")]
    private static partial Regex CopiedNode();

    [GeneratedRegex("^(write \".*initrd|(setprop|getprop|getproplen) /chosen \"linux,initrd-)")]
    private static partial Regex InitrdCall();

    // Where the tree's structure block ends up is told by its end, and that by the stack: ours is at the top of memory.
    [GeneratedRegex("^(write \")(0000fe10|1fff[0-9a-f]{4})(?=\"$)")]
    private static partial Regex StackAddress();

    [GeneratedRegex("0x[0-9a-f]+|\\b[0-9a-f]{8}\\b|(?<=promptr=)[0-9a-f]+")]
    private static partial Regex Number();

    [GeneratedRegex("Linux version[^\"]*")]
    private static partial Regex Banner();
}

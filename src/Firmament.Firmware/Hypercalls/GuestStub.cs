using Firmament.PowerPC.Isa;

namespace Firmament.Firmware.Hypercalls;

/// <summary>
/// The guest's side of the firmware: a few instructions that carry an argument pointer in r3 to the host and come back with the
/// result in r3. They touch volatile registers only, and not the link register.
/// </summary>
public static class GuestStub
{
    /// <summary>Most bytes of a stub.</summary>
    public const int MostBytes = 64;

    /// <summary>The client interface handler, a client's r5. In: r3 = argument array. Out: r3 = 0 or −1.</summary>
    public static byte[] BuildClient(HypercallConvention convention) =>
        Build(convention, PaprHypercalls.ClientToken, OsiHypercalls.ClientSelector, EpaprHypercalls.ClientToken, static (code, _) => code.Blr());

    /// <summary>The RTAS entry. In: r3 = argument block (physical), r4 = RTAS base, which the stub does not need.</summary>
    public static byte[] BuildRtas(HypercallConvention convention) =>
        Build(convention, PaprHypercalls.RtasToken, OsiHypercalls.RtasSelector, EpaprHypercalls.RtasToken, static (code, _) => code.Blr());

    /// <summary>What a CPU runs while no client does: it asks the host, again and again, to run some of the firmware's own program.</summary>
    public static byte[] BuildShell(HypercallConvention convention) =>
        Build(convention, PaprHypercalls.ShellToken, OsiHypercalls.ShellSelector, EpaprHypercalls.ShellToken, static (code, start) => code.B(start));

    private static byte[] Build(
        HypercallConvention convention, uint paprToken, uint osiSelector, uint epaprToken, Action<Assembler, AssemblerLabel> then)
    {
        Assembler code = new(0);
        AssemblerLabel start = code.LabelHere();
        switch (convention)
        {
            case HypercallConvention.Papr:
                code.Mr(4, 3);
                code.LoadImmediate(3, paprToken);
                code.Sc(1);
                break;
            case HypercallConvention.Osi:
                code.Mr(6, 3);
                code.LoadImmediate(3, OsiHypercalls.Magic3);
                code.LoadImmediate(4, OsiHypercalls.Magic4);
                code.LoadImmediate(5, osiSelector);
                code.Sc(0);
                break;
            default:
                code.LoadImmediate(11, epaprToken);
                code.LoadImmediate(0, EpaprHypercalls.Magic0);
                code.Sc(0);
                break;
        }

        then(code, start);
        return code.ToArray();
    }
}

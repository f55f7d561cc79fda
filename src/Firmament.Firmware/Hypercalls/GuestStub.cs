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
    public static byte[] BuildClient(HypercallConvention convention) => convention switch
    {
        HypercallConvention.Papr => Papr(PaprHypercalls.ClientToken),
        HypercallConvention.Osi => Osi(OsiHypercalls.ClientSelector),
        _ => Epapr(EpaprHypercalls.ClientToken),
    };

    /// <summary>The RTAS entry. In: r3 = argument block (physical), r4 = RTAS base, which the stub does not need.</summary>
    public static byte[] BuildRtas(HypercallConvention convention) => convention switch
    {
        HypercallConvention.Papr => Papr(PaprHypercalls.RtasToken),
        HypercallConvention.Osi => Osi(OsiHypercalls.RtasSelector),
        _ => Epapr(EpaprHypercalls.RtasToken),
    };

    private static byte[] Papr(uint token)
    {
        Assembler code = new(0);
        code.Mr(4, 3);
        code.LoadImmediate(3, token);
        code.Sc(1);
        code.Blr();
        return code.ToArray();
    }

    private static byte[] Osi(uint selector)
    {
        Assembler code = new(0);
        code.Mr(6, 3);
        code.LoadImmediate(3, OsiHypercalls.Magic3);
        code.LoadImmediate(4, OsiHypercalls.Magic4);
        code.LoadImmediate(5, selector);
        code.Sc(0);
        code.Blr();
        return code.ToArray();
    }

    private static byte[] Epapr(uint token)
    {
        Assembler code = new(0);
        code.LoadImmediate(11, token);
        code.LoadImmediate(0, EpaprHypercalls.Magic0);
        code.Sc(0);
        code.Blr();
        return code.ToArray();
    }
}

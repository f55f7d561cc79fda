using System.Buffers.Binary;
using static Firmament.Firmware.Hypercalls.StubEncoder;

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
    public static uint[] BuildClient(HypercallConvention convention) => convention switch
    {
        HypercallConvention.Papr => Papr(PaprHypercalls.ClientToken),
        HypercallConvention.Osi => Osi(OsiHypercalls.ClientSelector),
        _ => Epapr(EpaprHypercalls.ClientToken),
    };

    /// <summary>The RTAS entry. In: r3 = argument block (physical), r4 = RTAS base, which the stub does not need.</summary>
    public static uint[] BuildRtas(HypercallConvention convention) => convention switch
    {
        HypercallConvention.Papr => Papr(PaprHypercalls.RtasToken),
        HypercallConvention.Osi => Osi(OsiHypercalls.RtasSelector),
        _ => Epapr(EpaprHypercalls.RtasToken),
    };

    /// <summary>The words as the guest's memory holds them.</summary>
    public static byte[] ToBytes(ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }

    private static uint[] Papr(uint token) => [Mr(4, 3), Lis(3, token >> 16), Ori(3, 3, token), Sc(1), Blr];

    private static uint[] Osi(uint selector) =>
    [
        Mr(6, 3),
        Lis(3, OsiHypercalls.Magic3 >> 16), Ori(3, 3, OsiHypercalls.Magic3),
        Lis(4, OsiHypercalls.Magic4 >> 16), Ori(4, 4, OsiHypercalls.Magic4),
        Li(5, (short)selector),
        Sc(0),
        Blr,
    ];

    private static uint[] Epapr(uint token) =>
    [
        Lis(11, token >> 16), Ori(11, 11, token),
        Lis(0, EpaprHypercalls.Magic0 >> 16), Ori(0, 0, EpaprHypercalls.Magic0),
        Sc(0),
        Blr,
    ];
}

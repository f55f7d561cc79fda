using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Rounding to integral values. Power ISA 2.07B Book I 7.6.1.</content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xsrdpi XT,XB: to an integral double, halves away from zero.</summary>
    public static void Xsrdpi(CpuState* s, Insn* i) => Scalar<ToIntegral<NearestAway>>(s, i);

    /// <summary>xvrdpi XT,XB: two doubles to integral values, halves away from zero.</summary>
    public static void Xvrdpi(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToIntegral<NearestAway>>(s, i);

    /// <summary>xvrspi XT,XB: four singles to integral values, halves away from zero.</summary>
    public static void Xvrspi(CpuState* s, Insn* i) => Vector<Singles, Singles, ToIntegral<NearestAway>>(s, i);

    /// <summary>xsrdpic XT,XB: to an integral double, in the current rounding mode.</summary>
    public static void Xsrdpic(CpuState* s, Insn* i) => Scalar<ToIntegral<Current>>(s, i);

    /// <summary>xvrdpic XT,XB: two doubles to integral values, in the current rounding mode.</summary>
    public static void Xvrdpic(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToIntegral<Current>>(s, i);

    /// <summary>xvrspic XT,XB: four singles to integral values, in the current rounding mode.</summary>
    public static void Xvrspic(CpuState* s, Insn* i) => Vector<Singles, Singles, ToIntegral<Current>>(s, i);

    /// <summary>xsrdpiz XT,XB: to an integral double, toward zero.</summary>
    public static void Xsrdpiz(CpuState* s, Insn* i) => Scalar<ToIntegral<TowardZero>>(s, i);

    /// <summary>xvrdpiz XT,XB: two doubles to integral values, toward zero.</summary>
    public static void Xvrdpiz(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToIntegral<TowardZero>>(s, i);

    /// <summary>xvrspiz XT,XB: four singles to integral values, toward zero.</summary>
    public static void Xvrspiz(CpuState* s, Insn* i) => Vector<Singles, Singles, ToIntegral<TowardZero>>(s, i);

    /// <summary>xsrdpip XT,XB: to an integral double, toward plus infinity.</summary>
    public static void Xsrdpip(CpuState* s, Insn* i) => Scalar<ToIntegral<Upward>>(s, i);

    /// <summary>xvrdpip XT,XB: two doubles to integral values, toward plus infinity.</summary>
    public static void Xvrdpip(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToIntegral<Upward>>(s, i);

    /// <summary>xvrspip XT,XB: four singles to integral values, toward plus infinity.</summary>
    public static void Xvrspip(CpuState* s, Insn* i) => Vector<Singles, Singles, ToIntegral<Upward>>(s, i);

    /// <summary>xsrdpim XT,XB: to an integral double, toward minus infinity.</summary>
    public static void Xsrdpim(CpuState* s, Insn* i) => Scalar<ToIntegral<Downward>>(s, i);

    /// <summary>xvrdpim XT,XB: two doubles to integral values, toward minus infinity.</summary>
    public static void Xvrdpim(CpuState* s, Insn* i) => Vector<Doublewords, Doublewords, ToIntegral<Downward>>(s, i);

    /// <summary>xvrspim XT,XB: four singles to integral values, toward minus infinity.</summary>
    public static void Xvrspim(CpuState* s, Insn* i) => Vector<Singles, Singles, ToIntegral<Downward>>(s, i);
}

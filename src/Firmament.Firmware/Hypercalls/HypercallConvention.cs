namespace Firmament.Firmware.Hypercalls;

/// <summary>How guest code asks the host.</summary>
public enum HypercallConvention
{
    /// <summary>`sc 1`, number in r3 (LoPAPR 1.1 chapter 14).</summary>
    Papr,

    /// <summary>Plain `sc` with Mac-on-Linux's magic in r3 and r4, selector in r5.</summary>
    Osi,

    /// <summary>Plain `sc` with KVM's magic in r0, ePAPR token in r11.</summary>
    Epapr,
}

namespace Firmament.Machines.Configuration;

/// <summary>Which instruction sequence the firmware's stub uses to reach the host.</summary>
public enum HypercallConvention
{
    /// <summary>PAPR: sc 1.</summary>
    Sc1,

    /// <summary>Mac-on-Linux: sc 0 with the magic numbers in r3 and r4.</summary>
    Osi,

    /// <summary>ePAPR: hcall-instructions of /hypervisor, which makes Linux a KVM guest.</summary>
    Epapr,
}

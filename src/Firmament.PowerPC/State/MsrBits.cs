namespace Firmament.PowerPC.State;

/// <summary>Bits of the machine state register. Source: MPC7450 RM 2.1.3.1, PEM 2.3.1; 64-bit bits from Power ISA.</summary>
internal static class MsrBits
{
    /// <summary>64-bit mode.</summary>
    public const ulong Sf = 0x8000_0000_0000_0000;

    /// <summary>Hypervisor state; a partition never has it.</summary>
    public const ulong Hv = 0x1000_0000_0000_0000;

    /// <summary>VSX facility available.</summary>
    public const ulong Vsx = 0x0080_0000;

    /// <summary>Vector facility available.</summary>
    public const ulong Vec = 0x0200_0000;

    /// <summary>Power management: stop until an interrupt.</summary>
    public const ulong Pow = 0x0004_0000;

    /// <summary>LE after an interrupt.</summary>
    public const ulong Ile = 0x0001_0000;

    /// <summary>External interrupts and decrementer enabled.</summary>
    public const ulong Ee = 0x8000;

    /// <summary>Problem (user) state.</summary>
    public const ulong Pr = 0x4000;

    /// <summary>Floating point available.</summary>
    public const ulong Fp = 0x2000;

    /// <summary>Machine check enabled.</summary>
    public const ulong Me = 0x1000;

    /// <summary>Floating-point exception mode 0.</summary>
    public const ulong Fe0 = 0x0800;

    /// <summary>Single-step trace.</summary>
    public const ulong Se = 0x0400;

    /// <summary>Branch trace.</summary>
    public const ulong Be = 0x0200;

    /// <summary>Floating-point exception mode 1.</summary>
    public const ulong Fe1 = 0x0100;

    /// <summary>Exception prefix: vectors at 0xfff00000.</summary>
    public const ulong Ip = 0x0040;

    /// <summary>Instruction relocation.</summary>
    public const ulong Ir = 0x0020;

    /// <summary>Data relocation.</summary>
    public const ulong Dr = 0x0010;

    /// <summary>Performance monitor marked.</summary>
    public const ulong Pm = 0x0004;

    /// <summary>Recoverable interrupt.</summary>
    public const ulong Ri = 0x0002;

    /// <summary>Little-endian mode.</summary>
    public const ulong Le = 0x0001;

    /// <summary>The bits a 74xx implements.</summary>
    public const ulong Implemented74xx =
        Vec | Pow | Ile | Ee | Pr | Fp | Me | Fe0 | Se | Be | Fe1 | Ip | Ir | Dr | Pm | Ri | Le;

    /// <summary>The bits a POWER8 or POWER9 partition has without transactional memory. Power ISA 3.0B Book III 3.2.1.</summary>
    public const ulong ImplementedPartition = Sf | Vec | Vsx | Ee | Pr | Fp | Me | Fe0 | Se | Be | Fe1 | Ir | Dr | Pm | Ri | Le;
}

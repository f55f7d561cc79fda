namespace Firmament.PowerPC.Exceptions;

/// <summary>Interrupt vectors. Source: MPC7450 RM table 4-2, Power ISA 3.0B Book III 6.5.</summary>
internal static class Vector
{
    public const uint SystemReset = 0x100;
    public const uint MachineCheck = 0x200;
    public const uint DataStorage = 0x300;
    public const uint DataSegment = 0x380;
    public const uint InstructionStorage = 0x400;
    public const uint InstructionSegment = 0x480;
    public const uint External = 0x500;
    public const uint Alignment = 0x600;
    public const uint Program = 0x700;
    public const uint FloatingPointUnavailable = 0x800;
    public const uint Decrementer = 0x900;
    public const uint Doorbell = 0xa00;
    public const uint SystemCall = 0xc00;
    public const uint Trace = 0xd00;
    public const uint PerformanceMonitor = 0xf00;
    public const uint AltiVecUnavailable = 0xf20;
    public const uint VsxUnavailable = 0xf40;
    public const uint FacilityUnavailable = 0xf60;
    public const uint InstructionAddressBreakpoint = 0x1300;
    public const uint SystemCallVectored = 0x3000;
}

namespace Firmament.PowerPC.Translator.X64;

/// <summary>Vector registers of x86-64 by encoding. A function call may change all of them (System V AMD64 ABI 3.2.1).</summary>
internal enum XmmRegister : byte
{
    Xmm0,
    Xmm1,
    Xmm2,
    Xmm3,
    Xmm4,
    Xmm5,
    Xmm6,
    Xmm7,
    Xmm8,
    Xmm9,
    Xmm10,
    Xmm11,
    Xmm12,
    Xmm13,
    Xmm14,
    Xmm15,
}

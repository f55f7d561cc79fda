namespace Firmament.PowerPC.Translator.X64;

/// <summary>General registers of x86-64 by encoding.</summary>
internal enum HostRegister : byte
{
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}

using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Demo;

/// <summary>
/// The program of <c>firmament demo</c>: a client of Open Firmware in 32-bit PowerPC code, assembled anew at each call. It shows what
/// the firmware does for a client (console, device tree, memory, time, RTAS) and powers the machine off.
/// </summary>
public static class DemoProgram
{
    private const int ElfHeaderBytes = 52;
    private const int ProgramHeaderBytes = 32;
    private const uint Readable = 4;
    private const uint Writable = 2;
    private const uint Executable = 1;

    /// <summary>The program as an ELF executable: 32-bit, big-endian, a text and a data segment.</summary>
    public static byte[] Build()
    {
        ClientRuntime runtime = new();
        new DemoCode(runtime).Write();
        runtime.Write();
        return Elf(
            ClientRuntime.CodeAddress,
            (ClientRuntime.CodeAddress, runtime.Code.ToArray(), Readable | Executable),
            (ClientRuntime.DataAddress, runtime.Data.ToArray(), Readable | Writable));
    }

    // System V ABI chapters 4 and 5, with the machine number of its PowerPC supplement.
    private static byte[] Elf(uint entry, params ReadOnlySpan<(uint Address, byte[] Bytes, uint Flags)> segments)
    {
        const uint ExecutableFile = 2;
        const uint PowerPC = 20;
        const uint Version = 1;
        const uint Load = 1;
        Assembler file = new(0);
        file.Bytes([0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.Emit((ExecutableFile << 16) | PowerPC);
        file.Emit(Version);
        file.Emit(entry);
        file.Emit(ElfHeaderBytes);
        file.Emit(0); // no section headers
        file.Emit(0); // no flags
        file.Emit((ElfHeaderBytes << 16) | ProgramHeaderBytes);
        file.Emit((uint)segments.Length << 16);
        file.Emit(0);
        uint offset = ElfHeaderBytes + ((uint)segments.Length * ProgramHeaderBytes);
        foreach ((uint address, byte[] bytes, uint flags) in segments)
        {
            foreach (uint word in (ReadOnlySpan<uint>)[Load, offset, address, address, (uint)bytes.Length, (uint)bytes.Length, flags, 4])
            {
                file.Emit(word);
            }

            offset += (uint)bytes.Length;
        }

        foreach ((uint _, byte[] bytes, uint _) in segments)
        {
            file.Bytes(bytes);
        }

        return file.ToArray();
    }
}

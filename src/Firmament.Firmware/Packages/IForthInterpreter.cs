namespace Firmament.Firmware.Packages;

/// <summary>Runs Forth text for the client service "interpret".</summary>
public interface IForthInterpreter
{
    /// <summary>Runs <paramref name="text"/> on <paramref name="stack"/>. Must end: the interpreter bounds its own work.</summary>
    /// <returns>A catch result.</returns>
    int Interpret(ReadOnlySpan<byte> text, GuestAddressSpace space, DataStack stack);
}

using Firmament.Core.State;
using Firmament.DeviceTree;

namespace Firmament.Firmware.Packages;

/// <summary>The Forth system as the rest of the firmware sees it. Whatever it runs is bounded in steps, so that nothing it is given can hang the host.</summary>
public interface IForthSystem : IStateful
{
    /// <summary>Runs Forth text on <paramref name="stack"/> (the client service "interpret").</summary>
    /// <returns>A catch result.</returns>
    int Interpret(ReadOnlySpan<byte> text, GuestAddressSpace space, DataStack stack);

    /// <summary>True when a method of that name was defined in Forth or FCode for the node.</summary>
    bool HasMethod(DeviceNode node, ReadOnlySpan<byte> method);

    /// <summary>Runs such a method with `my-self` being <paramref name="instance"/>.</summary>
    /// <returns>A catch result; <see cref="CatchResult.UnsupportedOperation"/> when there is no such method.</returns>
    int CallMethod(Instance instance, ReadOnlySpan<byte> method, GuestAddressSpace space, DataStack stack);

    /// <summary>
    /// Evaluates the FCode program of a device, that of its expansion ROM for instance: the node is the active package, and `my-self` an instance of it
    /// below its opened parent (IEEE 1275-1994 3.2.2.2).
    /// </summary>
    /// <param name="node">The device; its methods and properties are what the program defines.</param>
    /// <param name="program">From the first token; see <see cref="Forth.FCode.ExpansionRom"/>.</param>
    /// <returns>A catch result.</returns>
    int EvaluateFCode(DeviceNode node, ReadOnlySpan<byte> program);

    /// <summary>Drops what belongs to an instance, its instance variables. Called when the instance is closed.</summary>
    void Forget(Instance instance);
}

namespace Firmament.Firmware.Packages;

/// <summary>
/// The methods of a device node (IEEE 1275-1994 3.3). One package may serve many instances; what belongs to an instance is kept in
/// the <see cref="Instance"/>.
/// </summary>
public interface IPackage
{
    /// <summary>True when the package has the method.</summary>
    bool HasMethod(ReadOnlySpan<byte> method);

    /// <summary>Runs a method. Never throws; addresses and numbers on the stack are the guest's.</summary>
    /// <returns>A catch result; <see cref="CatchResult.UnsupportedOperation"/> when there is no such method.</returns>
    int Call(ReadOnlySpan<byte> method, MethodCall call);
}

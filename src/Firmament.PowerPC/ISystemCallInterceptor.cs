namespace Firmament.PowerPC;

/// <summary>Firmware that lives on the host looks at each `sc` before the CPU vectors to 0xc00.</summary>
public interface ISystemCallInterceptor
{
    /// <summary>Serves a call, or leaves it to the guest.</summary>
    /// <param name="cpu">The caller; its PC is after the `sc`.</param>
    /// <param name="level">The LEV field: 0, 1, …</param>
    /// <returns>True when served: execution continues at the CPU's PC. False: the CPU does what its architecture says.</returns>
    bool TryIntercept(IProcessor cpu, int level);
}

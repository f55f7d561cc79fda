using Firmament.Firmware.Architecture;

namespace Firmament.Firmware.Packages;

/// <summary>
/// The root node: it opens, because clients open "/" for `call-method`, and a machine with client architecture support answers it there
/// (LoPAPR 1.1 appendix B.6.2.3).
/// </summary>
public sealed class RootPackage : IPackage
{
    private static readonly MethodTable<RootPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
    };

    private static readonly MethodTable<IArchitectureHost> ArchitectureMethods = new()
    {
        { "ibm,client-architecture-support", "vector -- status", static (host, call) => Negotiate(host, call) },
    };

    private readonly IArchitectureHost? _architecture;

    /// <summary>Makes the package.</summary>
    /// <param name="architecture">Negotiates with clients; null where there is nothing to negotiate.</param>
    public RootPackage(IArchitectureHost? architecture = null) => _architecture = architecture;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) =>
        Methods.Contains(method) || (_architecture != null && ArchitectureMethods.Contains(method));

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) =>
        _architecture != null && ArchitectureMethods.Contains(method)
            ? ArchitectureMethods.Call(_architecture, method, call)
            : Methods.Call(this, method, call);

    /// <summary>A refused vector is the method's result, not a throw: the method exists and ran.</summary>
    private static int Negotiate(IArchitectureHost host, MethodCall call)
    {
        uint address = call.Stack.Pop();
        long status = ArchitectureNegotiation.Run(host, call.Firmware, call.Space, address);
        call.Stack.Push((uint)status);
        return CatchResult.Ok;
    }
}

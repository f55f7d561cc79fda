using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>How many CPUs a machine has, and how they are grouped. One CPU is one hardware thread.</summary>
/// <param name="Cores">Cores, at least 1.</param>
/// <param name="Threads">Threads of each core, at least 1.</param>
public readonly record struct CpuTopology(int Cores, int Threads)
{
    /// <summary>One CPU.</summary>
    public static CpuTopology Single { get; } = new(1, 1);

    /// <summary>All threads of all cores.</summary>
    public int Cpus => Cores * Threads;

    /// <summary>From what the user said, as QEMU fills in the rest: cores before sockets.</summary>
    /// <param name="cpus">CPUs in all, or null.</param>
    /// <param name="sockets">Sockets, or null.</param>
    /// <param name="cores">Cores of a socket, or null.</param>
    /// <param name="threads">Threads of a core, or null.</param>
    /// <exception cref="UserErrorException">A number is not positive, or they contradict each other.</exception>
    public static CpuTopology Resolve(int? cpus, int? sockets, int? cores, int? threads)
    {
        if (cpus < 1 || sockets < 1 || cores < 1 || threads < 1)
        {
            throw new UserErrorException("-smp has a number below 1; give for example -smp 2 or -smp cores=2,threads=1.");
        }

        int perCore = threads ?? 1;
        int group = (sockets ?? 1) * perCore;
        int inSocket = cores ?? Math.Max(1, (cpus ?? group) / group);
        CpuTopology result = new((sockets ?? 1) * inSocket, perCore);
        return cpus is { } wanted && wanted != result.Cpus
            ? throw new UserErrorException($"-smp asks for {wanted} CPUs, and its sockets, cores and threads make {result.Cpus}; give numbers that fit.")
            : result;
    }
}

using BenchmarkDotNet.Attributes;
using Firmament.Benchmarks.Compare;
using Firmament.Machines.Configuration;

namespace Firmament.Benchmarks.Parts;

/// <summary>Calls of the host from a whole machine; bench/guests makes the callers, which print a character after every ten thousand.</summary>
public class CallPart
{
    private const int Calls = 10_000;

    private VirtualMachine _machine = null!;

    /// <summary>A pseries guest.</summary>
    [GlobalSetup(Target = nameof(Hypercall))]
    public void SetUpHypercall() => Start("pseries", "loop-hypercall");

    /// <summary>A pegasos2 guest.</summary>
    [GlobalSetup(Target = nameof(GetProperty))]
    public void SetUpGetProperty() => Start("pegasos2", "loop-getprop");

    /// <summary>Frees the machine.</summary>
    [GlobalCleanup]
    public void Cleanup() => _machine.Dispose();

    /// <summary>The part.</summary>
    [Benchmark(Description = "hypercall (H_SET_SPRG0)", OperationsPerInvoke = Calls)]
    public bool Hypercall() => _machine.RunUntil("!");

    /// <summary>The part.</summary>
    [Benchmark(Description = "getprop, client interface", OperationsPerInvoke = Calls)]
    public bool GetProperty() => _machine.RunUntil("!");

    private void Start(string machine, string guest) => _machine = VirtualMachine.Create(new MachineConfiguration
    {
        Machine = machine,
        Kernel = GuestImage.FromFile(Path.Combine(new GuestFiles(PartsCommand.Root).Built, guest)),
    });
}

using Firmament.Core;

namespace Firmament.Benchmarks.Compare;

/// <summary>The programs that are compared.</summary>
/// <param name="Firmament">Firmament's.</param>
/// <param name="Qemu">QEMU's for 32-bit machines.</param>
/// <param name="Qemu64">QEMU's for 64-bit machines.</param>
internal sealed record Emulators(string Firmament, string Qemu, string Qemu64)
{
    /// <summary>Those that were asked for, else the checkout's Firmament, and QEMU as eng/qemu-backports.sh or the host has it.</summary>
    /// <exception cref="UserErrorException">One is missing.</exception>
    public static Emulators Find(string root, string? firmament, string? qemu, string? qemu64) => new(
        // Not the script of that name: it looks for changed sources first.
        Given(firmament) ?? Path.Combine(root, "artifacts", "bin", "Firmament.Cli", "release", "Firmament.Cli"),
        Given(qemu) ?? FindQemu("qemu-system-ppc", "--qemu"),
        Given(qemu64) ?? FindQemu("qemu-system-ppc64", "--qemu64"));

    private static string? Given(string? path) => path == null || File.Exists(path)
        ? path
        : throw new UserErrorException($"There is no program '{path}'; give an emulator that is there.");

    private static string FindQemu(string name, string option) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Prepend(Path.Combine(GuestFiles.Cache, "qemu-backports", "bin"))
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists)
        ?? throw new UserErrorException($"{name} is missing; run eng/qemu-backports.sh, or apt-get install qemu-system-ppc, or give one with {option}.");
}

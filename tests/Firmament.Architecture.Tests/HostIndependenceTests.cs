using System.Reflection;

namespace Firmament.Architecture.Tests;

/// <summary>The machine libraries know neither terminal nor wall clock nor threads; read from the IL, so no alias hides one.</summary>
public sealed class HostIndependenceTests
{
    private static readonly HashSet<string> BannedTypes =
    [
        "System.Console", "System.Random", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Threading.Thread",
        "System.Threading.Timer", "System.Threading.ThreadPool", "System.Threading.Tasks.Task", "System.Threading.Tasks.Parallel",
        "System.Security.Cryptography.RandomNumberGenerator", "System.TimeProvider",
    ];

    private static readonly HashSet<string> BannedMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.Exit",
        "System.Guid.NewGuid",
    ];

    /// <summary>Host backends, which talk to sockets on threads of their own; frames enter machines through the journal.</summary>
    private const string HostBackends = "Firmament.Core.Backends.Host";

    [Fact]
    public void Machine_libraries_use_nothing_of_the_host()
    {
        List<string> wrong = [];
        int methods = 0;
        foreach (Type type in Repository.Assemblies
            .Where(static assembly => Repository.MachineLibraries.Contains(assembly.GetName().Name!))
            .SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.FullName?.StartsWith(HostBackends, StringComparison.Ordinal) == false))
        {
            foreach (MethodBase method in Code.Methods(type))
            {
                methods++;
                wrong.AddRange(Code.References(method)
                    .Where(static reference => IsBanned(reference.Member))
                    .Select(reference => $"{type.FullName}.{method.Name} uses {reference.Member.DeclaringType!.FullName}.{reference.Member.Name}"));
            }
        }

        Assert.True(methods > 1000, $"only {methods} methods were read");
        Violations.AssertNone(wrong);
    }

    [Fact]
    public void The_rule_sees_what_the_command_line_uses() =>
        Assert.Contains(
            Repository.Assemblies.Single(static assembly => assembly.GetName().Name == "Firmament.Cli").GetTypes()
                .SelectMany(Code.Methods).SelectMany(Code.References),
            static reference => IsBanned(reference.Member));

    private static bool IsBanned(MemberInfo member)
    {
        string? type = member.DeclaringType?.FullName;
        return type != null && (BannedTypes.Contains(type) || BannedMembers.Contains($"{type}.{member.Name}"));
    }
}

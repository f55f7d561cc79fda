using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Firmament.Architecture.Tests;

public sealed class SourceTests
{
    private const int MostLines = 500;

    /// <summary>Files above the limit, each with its reason.</summary>
    private static readonly IReadOnlyDictionary<string, string> LongFiles = new Dictionary<string, string>
    {
        ["src/Firmament.PowerPC/Cpu.cs"] = "the run loop, interrupts and state of one CPU; a chapter more must go to a file of its own",
    };

    /// <summary>Files with more than one type, or a type of another name, each with its reason.</summary>
    private static readonly IReadOnlyDictionary<string, string> OddFiles = new Dictionary<string, string>
    {
        ["src/Firmament.PowerPC/Interpreter/ICpuMode.cs"] = "empty structs that select a specialisation belong to their interface",
        ["src/Firmament.PowerPC/Interpreter/IDispatchMode.cs"] = "empty structs that select a specialisation belong to their interface",
        ["src/Firmament.PowerPC/Interpreter/IPath.cs"] = "empty structs that select a specialisation belong to their interface",
        ["src/Firmament.PowerPC/Semantics/Branch.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/FixedPoint.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/FixedPoint64.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/LoadStore64.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/Supervisor64.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/VectorScalar.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/LoadStore.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/LoadStoreSpecial.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
        ["src/Firmament.PowerPC/Semantics/Supervisor.cs"] = "a chapter of the partial class Semantics, named as in the ISA",
    };

    // In pieces, so that this file does not name them either.
    private static readonly IReadOnlyList<string> RegistryHosts =
    [
        .. new (string Name, string Domain)[]
        {
            ("nuget", "org"), ("npmjs", "org"), ("npmjs", "com"), ("pypi", "org"), ("pythonhosted", "org"), ("crates", "io"),
            ("rubygems", "org"), ("golang", "org/proxy"), ("proxy.golang", "org"), ("maven.apache", "org"), ("pkgs.dev.azure", "com"),
            ("pkg.github", "com"), ("ghcr", "io"), ("docker", "io"), ("jfrog", "io"),
        }.Select(static host => host.Name + "." + host.Domain),
    ];

    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".md", ".txt", ".sh", ".yml", ".yaml", ".xml", ".config", ".isa", ".editorconfig", ".gitignore", ""];

    [Fact]
    public void No_source_file_is_too_long()
    {
        Dictionary<string, int> longFiles = Repository.Sources
            .ToDictionary(static path => path, static path => File.ReadLines(Path.Combine(Repository.Root, path)).Count())
            .Where(static file => file.Value > MostLines)
            .ToDictionary();
        Violations.AssertNone(longFiles.Where(static file => !LongFiles.ContainsKey(file.Key))
            .Select(static file => $"{file.Key} has {file.Value} lines; split it below {MostLines}"));
        Violations.AssertNone(LongFiles.Keys.Where(path => !longFiles.ContainsKey(path)).Select(static path => $"the exemption of {path} is not needed; remove it"));
    }

    [Fact]
    public void Each_source_file_has_one_type_of_its_name()
    {
        Dictionary<string, string> odd = [];
        foreach (string path in Repository.Sources)
        {
            string expected = Path.GetFileName(path).Split('.')[0];
            string[] types = [.. TopLevelTypes(path)];
            if (types.Length > 1 || (types.Length == 1 && types[0] != expected))
            {
                odd.Add(path, string.Join(", ", types));
            }
        }

        Violations.AssertNone(odd.Where(static file => !OddFiles.ContainsKey(file.Key)).Select(static file => $"{file.Key} declares {file.Value}"));
        Violations.AssertNone(OddFiles.Keys.Where(path => !odd.ContainsKey(path)).Select(static path => $"the exemption of {path} is not needed; remove it"));
    }

    [Fact]
    public void Namespaces_follow_folders() =>
        Violations.AssertNone(Repository.Sources
            .Where(static path => !path.StartsWith($"src/{Repository.Generators}/", StringComparison.Ordinal))
            .Select(static path => (Path: path, Namespace: NamespaceOf(path), Expected: Path.GetDirectoryName(path)![4..].Replace('/', '.').Replace('\\', '.')))
            .Where(static file => file.Namespace != null && file.Namespace != file.Expected)
            .Select(static file => $"{file.Path} is in namespace {file.Namespace}, not {file.Expected}"));

    [Fact]
    public void No_package_registry_is_named_in_the_repository()
    {
        List<string> found = [];
        int files = 0;
        foreach (string path in Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
            if (relative.Split('/') is var parts && (parts[0] is ".git" or "artifacts" || parts.Contains("obj") || parts.Contains("bin"))
                || !TextFiles.Contains(Path.GetExtension(path)) || new FileInfo(path).Length > 1 << 20)
            {
                continue;
            }

            files++;
            string text = File.ReadAllText(path);
            found.AddRange(RegistryHosts.Where(host => text.Contains(host, StringComparison.OrdinalIgnoreCase)).Select(host => $"{relative} names {host}"));
        }

        Assert.True(files > 300, $"only {files} files were read");
        Violations.AssertNone(found);
    }

    private static IEnumerable<string> TopLevelTypes(string path) => Parse(path)
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .Select(static node => node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            _ => null,
        })
        .OfType<string>();

    private static string? NamespaceOf(string path) =>
        Parse(path).DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    private static CompilationUnitSyntax Parse(string path) =>
        CSharpSyntaxTree.ParseText(Repository.Read(path), CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetCompilationUnitRoot();
}

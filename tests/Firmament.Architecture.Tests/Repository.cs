using System.Reflection;
using System.Xml.Linq;

namespace Firmament.Architecture.Tests;

/// <summary>The repository these tests were built from, and the assemblies that came of it.</summary>
internal static class Repository
{
    /// <summary>Each project under src and its layer: a project references lower layers only.</summary>
    public static readonly IReadOnlyDictionary<string, int> Layers = new Dictionary<string, int>
    {
        ["Firmament.Core"] = 1,
        ["Firmament.DeviceTree"] = 1,
        ["Firmament.Volumes"] = 1,
        ["Firmament.PowerPC"] = 2,
        ["Firmament.Devices"] = 2,
        ["Firmament.Firmware"] = 3,
        ["Firmament.Machines"] = 4,
        ["Firmament"] = 5,
        ["Firmament.Gdb"] = 6,
        ["Firmament.Qmp"] = 6,
        ["Firmament.Web"] = 6,
        ["Firmament.Cli"] = 7,
    };

    /// <summary>A compiler plug-in: in no layer, for nothing of it is in the program.</summary>
    public const string Generators = "Firmament.Generators";

    /// <summary>Libraries that know no host: no console, no wall clock, no threads.</summary>
    public static readonly IReadOnlyList<string> MachineLibraries =
        ["Firmament.Core", "Firmament.DeviceTree", "Firmament.Volumes", "Firmament.PowerPC", "Firmament.Devices", "Firmament.Firmware", "Firmament.Machines", "Firmament"];

    /// <summary>The folder of Firmament.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects under src, by name.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } =
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(static path => Path.GetFileNameWithoutExtension(path), XDocument.Load);

    /// <summary>Every C# file under src, as a path from the root.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>The assemblies of the projects under src that are part of the program.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [.. Projects.Keys.Where(static name => name != Generators && File.Exists(PathOf(name))).Select(Assembly.Load)];

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The XML documentation beside an assembly.</summary>
    public static XDocument Documentation(Assembly assembly) =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml"));

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "Firmament.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("these tests must run inside the repository: Firmament.slnx is in no parent folder");
    }
}

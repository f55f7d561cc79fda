using System.Xml.Linq;

namespace Firmament.Architecture.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void A_project_references_lower_layers_only()
    {
        List<string> wrong = [];
        foreach ((string project, XDocument file) in Repository.Projects)
        {
            if (project == Repository.Generators)
            {
                Assert.Empty(References(file));
                continue;
            }

            Assert.True(Repository.Layers.ContainsKey(project), $"{project} has no layer; give it one in Repository.Layers and in ARCHITECTURE.md");
            wrong.AddRange(References(file)
                .Where(reference => !IsBelow(reference, project))
                .Select(reference => $"{project} must not reference {reference}"));
        }

        Violations.AssertNone(wrong);
    }

    [Fact]
    public void The_compiled_references_agree()
    {
        Assert.NotEmpty(Repository.Assemblies);
        Violations.AssertNone(Repository.Assemblies.SelectMany(static assembly => assembly.GetReferencedAssemblies()
            .Where(static reference => Repository.Layers.ContainsKey(reference.Name!))
            .Where(reference => !IsBelow(reference.Name!, assembly.GetName().Name!))
            .Select(reference => $"{assembly.GetName().Name} must not reference {reference.Name}")));
    }

    [Fact]
    public void Devices_never_see_the_processor() =>
        Assert.DoesNotContain(
            Repository.Assemblies.Single(static assembly => assembly.GetName().Name == "Firmament.Devices").GetReferencedAssemblies(),
            static reference => reference.Name == "Firmament.PowerPC");

    [Fact]
    public void Only_the_web_front_end_knows_asp_net() =>
        Assert.Empty(Repository.Projects
            .Where(static project => project.Key != "Firmament.Web" && project.Value.ToString().Contains("AspNetCore", StringComparison.Ordinal))
            .Select(static project => project.Key));

    private static IEnumerable<string> References(XDocument project) => project.Descendants("ProjectReference")
        .Where(static reference => (string?)reference.Attribute("OutputItemType") != "Analyzer")
        .Select(static reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

    private static bool IsBelow(string reference, string project) =>
        Repository.Layers.TryGetValue(reference, out int layer) && layer < Repository.Layers[project];
}

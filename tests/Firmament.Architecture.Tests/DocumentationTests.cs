using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Firmament.Architecture.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_public_type_and_member_has_a_summary()
    {
        List<string> missing = [];
        int members = 0;
        foreach (Assembly assembly in Repository.Assemblies)
        {
            Dictionary<string, XElement> documentation = Repository.Documentation(assembly).Descendants("member")
                .ToDictionary(static member => (string)member.Attribute("name")!);
            foreach (Type type in assembly.GetExportedTypes().Where(static type => !type.Name.StartsWith('<')))
            {
                IEnumerable<MemberInfo> published = typeof(Delegate).IsAssignableFrom(type) ? [] : type.GetMembers(Code.Declared).Where(IsPublished);
                foreach (MemberInfo member in published.Prepend(type))
                {
                    members++;
                    string id = DocumentationId.Of(member);
                    if (!HasSummary(documentation.GetValueOrDefault(id)) && !IsRecordParameter(member, documentation))
                    {
                        missing.Add(id);
                    }
                }
            }
        }

        Assert.True(members > 1000, $"only {members} public members were found");
        Violations.AssertNone(missing);
    }

    private static bool HasSummary(XElement? member) =>
        member?.Element("inheritdoc") != null || !string.IsNullOrWhiteSpace(member?.Element("summary")?.Value)
        || member?.Element("summary")?.HasElements == true || !string.IsNullOrWhiteSpace(member?.Element("content")?.Value);

    /// <summary>A positional property is documented by the param of its record.</summary>
    private static bool IsRecordParameter(MemberInfo member, Dictionary<string, XElement> documentation) =>
        member is PropertyInfo && documentation.GetValueOrDefault(DocumentationId.Of(member.DeclaringType!)) is { } type
        && (HasSummary(type) && type.Elements("param").Any(param => (string?)param.Attribute("name") == member.Name)
            || IsShortRecord(member.DeclaringType!, type));

    /// <summary>A record whose summary says what its few positional members are; none has a param then.</summary>
    private static bool IsShortRecord(Type type, XElement documentation) =>
        type.GetMethod("<Clone>$") != null && !documentation.Elements("param").Any() && HasSummary(documentation);

    private static bool IsPublished(MemberInfo member)
    {
        if (member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || member.Name.Contains('<', StringComparison.Ordinal))
        {
            return false;
        }

        return member switch
        {
            // Operators say what they do, constructors without parameters have nothing to say, and overrides do what their base says.
            ConstructorInfo constructor => IsSeen(constructor) && constructor.GetParameters().Length != 0 && !IsOfPrimaryConstructor(constructor),
            MethodInfo method => IsSeen(method) && !method.IsSpecialName && method.GetBaseDefinition() == method,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(static accessor => IsSeen(accessor) && accessor.GetBaseDefinition() == accessor),
            FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
            _ => false,
        };
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>The type's own summary and params stand for its primary constructor, and the compiler writes no entry that differs.</summary>
    private static bool IsOfPrimaryConstructor(ConstructorInfo constructor)
    {
        string path = Repository.Sources.FirstOrDefault(source =>
            Path.GetFileNameWithoutExtension(source) == constructor.DeclaringType!.Name.Split('`')[0]) ?? "";
        string name = constructor.DeclaringType!.Name.Split('`')[0];
        return path.Length != 0 && System.Text.RegularExpressions.Regex.IsMatch(
            Repository.Read(path), $@"\b(class|struct|record)\s+{name}(<[^>]*>)?\s*\(");
    }
}

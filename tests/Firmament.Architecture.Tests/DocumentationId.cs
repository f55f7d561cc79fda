using System.Reflection;

namespace Firmament.Architecture.Tests;

/// <summary>The names of members in XML documentation files (C# specification, annex D.4.2).</summary>
internal static class DocumentationId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => "T:" + TypeName(type),
        ConstructorInfo constructor => $"M:{TypeName(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => $"M:{TypeName(method.DeclaringType!)}.{MethodName(method)}{Parameters(method.GetParameters())}",
        PropertyInfo property => $"P:{TypeName(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        EventInfo occurrence => $"E:{TypeName(occurrence.DeclaringType!)}.{occurrence.Name}",
        _ => $"F:{TypeName(member.DeclaringType!)}.{member.Name}",
    };

    private static string TypeName(Type type) => type.FullName!.Replace('+', '.');

    private static string MethodName(MethodInfo method) =>
        method.Name.Replace('.', '#') + (method.IsGenericMethod ? "``" + method.GetGenericArguments().Length : "");

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(static parameter => Argument(parameter.ParameterType)))})";

    private static string Argument(Type type)
    {
        if (type.IsByRef)
        {
            return Argument(type.GetElementType()!) + "@";
        }

        if (type.IsPointer)
        {
            return Argument(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            string dimensions = type.GetArrayRank() == 1 ? "" : string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank()));
            return $"{Argument(type.GetElementType()!)}[{dimensions}]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod != null ? "``" : "`") + type.GenericParameterPosition;
        }

        if (!type.IsGenericType)
        {
            return TypeName(type);
        }

        // Arguments stand with the part of a nested name that declares them.
        Queue<Type> arguments = new(type.GetGenericArguments());
        IEnumerable<string> parts = TypeName(type.GetGenericTypeDefinition()).Split('.').Select(part =>
        {
            int tick = part.IndexOf('`', StringComparison.Ordinal);
            if (tick < 0)
            {
                return part;
            }

            int count = int.Parse(part.AsSpan(tick + 1), System.Globalization.CultureInfo.InvariantCulture);
            return $"{part[..tick]}{{{string.Join(',', Enumerable.Range(0, count).Select(_ => Argument(arguments.Dequeue())))}}}";
        });
        return string.Join('.', parts);
    }
}

using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Architecture.Tests;

/// <summary>
/// Every field that a component with a Visit can change is shown to the visitor. Found by reading the IL of Visit and of what it calls
/// on the same object.
/// </summary>
public sealed class StateTests
{
    [Fact]
    public void Every_mutable_field_is_visited()
    {
        List<string> forgotten = [];
        HashSet<string> excused = [];
        int components = 0;
        foreach (Type type in Repository.Assemblies.SelectMany(static assembly => assembly.GetTypes()).Where(IsComponent))
        {
            components++;
            HashSet<string> visited = VisitedFields(type);
            foreach (FieldInfo field in type.GetFields(Code.Declared).Where(static field => !field.IsStatic && HoldsState(field)))
            {
                string name = $"{Name(type)}.{PlainName(field)}";
                if (visited.Contains(field.Name))
                {
                    continue;
                }

                if (StateExemptions.Reasons.ContainsKey(name))
                {
                    excused.Add(name);
                }
                else
                {
                    forgotten.Add($"{name} ({field.FieldType.Name}) is not visited");
                }
            }
        }

        Assert.True(components > 30, $"only {components} components were found");
        Violations.AssertNone(forgotten);
        Violations.AssertNone(StateExemptions.Reasons.Keys.Except(excused).Select(static name => $"the exemption of {name} is not needed; remove it"));
    }

    [Fact]
    public void Every_component_that_is_stateful_declares_or_inherits_its_visit()
    {
        Violations.AssertNone(Repository.Assemblies.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsClass: true } && typeof(IStateful).IsAssignableFrom(type) && Visits(type).Count == 0)
            .Where(static type => type.GetFields(Code.Declared).Any(static field => !field.IsStatic && HoldsState(field)))
            .Select(static type => $"{Name(type)} adds state to {type.BaseType!.Name} and has no Visit of its own"));
    }

    private static bool IsComponent(Type type) => type.IsClass && Visits(type).Count != 0;

    private static List<MethodInfo> Visits(Type type) =>
        [.. type.GetMethods(Code.Declared).Where(static method => !method.IsStatic && !method.IsAbstract
            && method.Name.StartsWith("Visit", StringComparison.Ordinal)
            && method.GetParameters().Any(static parameter => parameter.ParameterType == typeof(StateVisitor)))];

    private static bool HoldsState(FieldInfo field)
    {
        bool isCapturedParameter = field.Name.StartsWith('<') && !field.Name.EndsWith("k__BackingField", StringComparison.Ordinal);
        if (IsState(field.FieldType) && !isCapturedParameter)
        {
            return true;
        }

        if (field.IsInitOnly || typeof(Delegate).IsAssignableFrom(field.FieldType))
        {
            return false;
        }

        // What only the constructor sets (captured parameters among it) is as good as read-only.
        return Code.Methods(field.DeclaringType!)
            .Where(static method => method is not ConstructorInfo && !IsInitAccessor(method))
            .SelectMany(Code.References)
            .Any(reference => reference.Member.Equals(field) && (reference.Code == OpCodes.Stfld || (reference.Code == OpCodes.Ldflda && field.FieldType.IsPrimitive)));
    }

    private static bool IsInitAccessor(MethodBase method) => method is MethodInfo info
        && info.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    /// <summary>Types whose values change behind a read-only field.</summary>
    private static bool IsState(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType() is { } element && (element.IsPrimitive || IsState(element));
        }

        return typeof(IStateful).IsAssignableFrom(type) && type != typeof(Scheduler)
            || type == typeof(ScheduledTimer)
            || type == typeof(InterruptLine)
            || (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && type.IsGenericType
                && type.GetGenericArguments().All(static argument => argument.IsPrimitive));
    }

    private static HashSet<string> VisitedFields(Type type)
    {
        HashSet<string> fields = [];
        HashSet<MethodBase> seen = [];
        Stack<MethodBase> waiting = new(Visits(type));
        while (waiting.TryPop(out MethodBase? method))
        {
            if (!seen.Add(method))
            {
                continue;
            }

            foreach ((OpCode _, MemberInfo member) in Code.References(method))
            {
                if (member is FieldInfo field && Same(field.DeclaringType, type))
                {
                    fields.Add(field.Name);
                }
                else if (member is MethodBase called && Same(called.DeclaringType, type))
                {
                    waiting.Push(called);
                }
            }
        }

        return fields;
    }

    private static bool Same(Type? declaring, Type type) =>
        declaring != null && (declaring.IsGenericType ? declaring.GetGenericTypeDefinition() : declaring)
        == (type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static string Name(Type type) => type.DeclaringType is { } outer ? Name(outer) + "." + type.Name : type.Name;

    /// <summary>The property of a backing field, the parameter of a captured one.</summary>
    private static string PlainName(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}

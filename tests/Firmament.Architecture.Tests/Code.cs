using System.Reflection;
using System.Reflection.Emit;

namespace Firmament.Architecture.Tests;

/// <summary>What the IL of a method refers to.</summary>
internal static class Code
{
    /// <summary>All members a type declares itself.</summary>
    public const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (ushort)code.Value);

    /// <summary>Every method and constructor a type declares.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared));

    /// <summary>Fields and methods a method names, with the instruction that does.</summary>
    public static IEnumerable<(OpCode Code, MemberInfo Member)> References(MethodBase method)
    {
        byte[]? code = method.GetMethodBody()?.GetILAsByteArray();
        for (int at = 0; at < code?.Length;)
        {
            ushort value = code[at++];
            if (value == 0xfe)
            {
                value = (ushort)(0xfe00 | code[at++]);
            }

            OpCode instruction = OpCodesByValue[value];
            if (instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                && Resolve(method, BitConverter.ToInt32(code, at)) is { } member)
            {
                yield return (instruction, member);
            }

            at += OperandBytes(instruction, code, at);
        }
    }

    private static int OperandBytes(OpCode instruction, byte[] code, int at) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMember(
                token,
                method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
                method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

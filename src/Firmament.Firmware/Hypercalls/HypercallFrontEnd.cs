using System.Globalization;
using Firmament.Core.Tracing;
using Firmament.PowerPC;

namespace Firmament.Firmware.Hypercalls;

/// <summary>One convention of hypercalls: it recognises its `sc`, and finds number, arguments and results in registers.</summary>
public abstract class HypercallFrontEnd : ISystemCallInterceptor
{
    private const ulong ProblemState = 0x4000;

    private readonly string _source;
    private readonly int _firstArgument;
    private readonly int _firstResult;

    private protected HypercallFrontEnd(ServiceDispatcher services, string source, int firstArgument, int firstResult)
    {
        Services = services;
        _source = source;
        _firstArgument = firstArgument;
        _firstResult = firstResult;
    }

    /// <summary>The calls; a machine may add its own.</summary>
    public HypercallTable Table { get; } = [];

    /// <summary>What a guest can ask.</summary>
    public ServiceDispatcher Services { get; }

    /// <inheritdoc/>
    public abstract bool TryIntercept(IProcessor cpu, int level);

    private protected static bool IsUserState(IProcessor cpu) => (cpu.Msr & ProblemState) != 0;

    private protected static ulong ReadNumber(IProcessor cpu, int register) =>
        cpu.Is64Bit ? cpu.ReadGpr(register) : (uint)cpu.ReadGpr(register);

    /// <summary>Runs the hypercall and writes r3. False, with nothing done, when user code may not make it.</summary>
    private protected bool TryServe(IProcessor cpu, ulong number, long unknown)
    {
        HypercallRow? row = Table.Find(number);
        if (IsUserState(cpu) && row?.Access != HypercallAccess.User)
        {
            return false;
        }

        HypercallCall call = new(cpu, Services, _firstArgument, _firstResult);
        if (row == null)
        {
            Services.Platform.Tracer.GuestError(_source, $"there is no call 0x{number:x} (from 0x{cpu.Pc:x})");
            cpu.WriteGpr(3, (ulong)unknown);
            return true;
        }

        bool traced = row.Access != HypercallAccess.Carrier && Services.Platform.Tracer.IsEnabled(TraceCategory.Firmware);
        List<KeyValuePair<string, string>>? fields = traced ? ShowArguments(row, call) : null;
        if (fields != null)
        {
            Services.Platform.Tracer.Begin(TraceCategory.Firmware, _source, row.Name, fields);
        }

        long result = row.Body(call);
        if (!Services.Firmware.TakeControlTransfer())
        {
            cpu.WriteGpr(3, cpu.Is64Bit ? (ulong)result : (uint)result);
        }

        if (fields != null)
        {
            Trace(row, cpu, result, fields);
        }

        return true;
    }

    private static List<KeyValuePair<string, string>> ShowArguments(HypercallRow row, HypercallCall call)
    {
        List<KeyValuePair<string, string>> fields = [];
        for (int i = 0; i < row.Arguments; i++)
        {
            fields.Add(new($"arg{i + 1}", $"0x{call[i]:x}"));
        }

        return fields;
    }

    private void Trace(HypercallRow row, IProcessor cpu, long result, List<KeyValuePair<string, string>> fields)
    {
        fields.Add(new("status", result.ToString(CultureInfo.InvariantCulture)));
        for (int i = 0; i < row.Results; i++)
        {
            fields.Add(new($"result{i + 1}", $"0x{cpu.ReadGpr(_firstResult + i):x}"));
        }

        fields.Add(new("pc", $"0x{cpu.Pc:x}"));
        Services.Platform.Tracer.Write(TraceCategory.Firmware, _source, row.Name, fields);
    }
}

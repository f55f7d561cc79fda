using Firmament.PowerPC;

namespace Firmament.Firmware.Rtas;

/// <summary>
/// The run-time abstraction services (CHRP; LoPAPR 1.1 chapter 7): a token, counts and cells at a physical address. Which calls exist
/// is the table's; what they do is here, and a machine's own calls are bodies in its own table.
/// </summary>
/// <remarks>
/// Failure is honest: an unknown token and wrong counts answer −3 and do nothing; only the status cell is then written
/// (CVE-2021-37576 is what happens without a check of the counts).
/// </remarks>
public sealed partial class RtasServices
{
    /// <summary>What the hypercall returns for a block that is unusable or names no service: H_PARAMETER.</summary>
    public const int BadParameter = -4;

    private const int MostCells = 16;
    private const int MostUnknownTokens = 256;

    private readonly OpenFirmware _firmware;
    private readonly CallTracer _tracer;
    private readonly uint[] _cells = new uint[2 * MostCells];
    private readonly HashSet<uint> _unknownTokens = [];

    internal RtasServices(OpenFirmware firmware, ServiceTable<RtasServices> table)
    {
        _firmware = firmware;
        Table = table;
        _tracer = new CallTracer(firmware.Platform.Tracer, "rtas", static (_, _) => null);
    }

    /// <summary>The machine's calls.</summary>
    public ServiceTable<RtasServices> Table { get; }

    /// <summary>The machine.</summary>
    public IFirmwarePlatform Platform => _firmware.Platform;

    /// <summary>Serves one call.</summary>
    /// <param name="processor">The caller, in real mode.</param>
    /// <param name="address">Physical address of the argument block, below 4 GiB.</param>
    /// <returns>0, or <see cref="BadParameter"/>.</returns>
    public int Call(IProcessor processor, ulong address)
    {
        if (!CallBlock.TryRead(processor, _firmware.Physical, address, _cells, MostCells, out CallBlock call))
        {
            Platform.Tracer.GuestError("rtas", $"the argument block at 0x{address:x} is not in memory, or has more than {MostCells} cells");
            return BadParameter;
        }

        ServiceRow<RtasServices>? row = Table.Find(call.Service);
        if (row == null || !Table.TryInvoke(row, this, call, _tracer, exact: true))
        {
            return Refuse(row, call);
        }

        // A failed call promises nothing but its status; the other cells stay as the guest left them.
        call.Commit(call.ResultCount > 0 && (int)call.Results[0] < 0 ? 1 : call.ResultCount);
        return 0;
    }

    private int Refuse(ServiceRow<RtasServices>? row, CallBlock call)
    {
        call.Return(0, RtasStatus.ParameterError);
        call.Commit(1);
        string message = row == null
            ? $"there is no call with token 0x{call.Service:x} (from 0x{call.Processor.Lr & 0xffffffff:x})"
            : $"{row.Name} with {call.ArgumentCount} arguments and {call.ResultCount} results (from 0x{call.Processor.Lr & 0xffffffff:x})";
        if (row == null && _tracer.IsEnabled)
        {
            _tracer.WriteRefused($"token 0x{call.Service:x}", "unknown token", call, _tracer.Arguments(null, call));
        }

        if (row != null || (_unknownTokens.Count < MostUnknownTokens && _unknownTokens.Add(call.Service)))
        {
            Platform.Tracer.GuestError("rtas", message);
        }

        if (_firmware.Options.Strict)
        {
            Platform.Request(PlatformRequest.Halt, "RTAS: " + message);
        }

        return BadParameter;
    }
}

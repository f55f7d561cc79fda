using Firmament.Core.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Firmware.Rtas;

/// <summary>
/// The run-time abstraction services (CHRP; LoPAPR 1.1 chapter 7): a token, counts and cells at a physical address. Which calls exist
/// and what they do is the machine's table.
/// </summary>
/// <remarks>
/// Failure is honest: an unknown token and wrong counts answer −3 and do nothing; only the status cell is then written
/// (CVE-2021-37576 is what happens without a check of the counts).
/// </remarks>
public sealed class RtasServices
{
    /// <summary>What the hypercall returns for a block that is unusable or names no service: H_PARAMETER.</summary>
    public const int BadParameter = (int)PaprStatus.Parameter;

    private const int MostCells = 16;
    private const int MostUnknownTokens = 256;

    private readonly OpenFirmware _firmware;
    private readonly CallTracer _tracer;
    private readonly uint[] _cells = new uint[2 * MostCells];
    private readonly HashSet<uint> _unknownTokens = [];

    internal RtasServices(OpenFirmware firmware, RtasCalls calls)
    {
        _firmware = firmware;
        Calls = calls;
        _tracer = new CallTracer(firmware.Platform.Tracer, "rtas", static (_, _) => null);
    }

    /// <summary>The machine's calls.</summary>
    public RtasCalls Calls { get; }

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

        if (!Calls.TryInvoke(call, _tracer))
        {
            return Refuse(Calls.NameOf(call.Service), call);
        }

        // A failed call promises nothing but its status; the other cells stay as the guest left them.
        call.Commit(call.ResultCount > 0 && (int)call.Results[0] < 0 ? 1 : call.ResultCount);
        return 0;
    }

    private int Refuse(string? name, CallBlock call)
    {
        call.Return(0, RtasStatus.ParameterError);
        call.Commit(1);
        string message = name == null
            ? $"there is no call with token 0x{call.Service:x} (from 0x{call.Processor.Lr & 0xffffffff:x})"
            : $"{name} with {call.ArgumentCount} arguments and {call.ResultCount} results (from 0x{call.Processor.Lr & 0xffffffff:x})";
        if (name == null && _tracer.IsEnabled)
        {
            _tracer.WriteRefused($"token 0x{call.Service:x}", "unknown token", call, _tracer.Arguments(null, call));
        }

        if (name != null || (_unknownTokens.Count < MostUnknownTokens && _unknownTokens.Add(call.Service)))
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

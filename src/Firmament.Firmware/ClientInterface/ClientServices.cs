using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Packages;
using Firmament.PowerPC;

namespace Firmament.Firmware.ClientInterface;

/// <summary>
/// The client interface (IEEE 1275-1994 6.3 and the PowerPC binding): a client passes the address of an argument array, the service
/// answers in its result cells.
/// </summary>
/// <remarks>
/// r3 is 0 when the service was performed, however it went, and −1 when it is unknown or the array is unusable. Too few arguments
/// make the array unusable; too many of anything, or too few result cells, do not.
/// </remarks>
public sealed partial class ClientServices : IStateful
{
    /// <summary>The value of a failed service: −1.</summary>
    public const uint Failed = uint.MaxValue;

    private const int Unknown = -1;
    private const int LongestSpecifier = 1024;
    private const int LongestText = 16 * 1024;

    private readonly OpenFirmware _firmware;
    private readonly CallTracer _tracer;
    private readonly uint[] _cells = new uint[2 * CallBlock.MostCells];
    private readonly byte[] _text = new byte[LongestText];
    private readonly DataStack _stack = new();
    private bool _quiesced;
    private uint _callback;
    private uint _symToValue;
    private uint _valueToSym;

    internal ClientServices(OpenFirmware firmware)
    {
        _firmware = firmware;
        _tracer = new CallTracer(firmware.Platform.Tracer, "client", NameOfHandle);
    }

    /// <summary>True once the client called "quiesce".</summary>
    public bool IsQuiesced => _quiesced;

    private DeviceTree.DeviceTree Tree => _firmware.Tree;

    private IFirmwarePlatform Platform => _firmware.Platform;

    /// <summary>Serves one call.</summary>
    /// <param name="processor">The caller.</param>
    /// <param name="address">Of the argument array, as the caller's mode has it.</param>
    /// <returns>The client's r3: 0 or −1.</returns>
    public int Call(IProcessor processor, ulong address)
    {
        GuestAddressSpace space = new(Platform.Ram, processor);
        if (!CallBlock.TryRead(processor, space, address, _cells, CallBlock.MostCells, out CallBlock call))
        {
            Platform.Tracer.GuestError("client", $"the argument array at 0x{address:x} is not in memory, or has more than {CallBlock.MostCells} cells");
            return Unknown;
        }

        Span<byte> buffer = stackalloc byte[NameIndex<object>.LongestName];
        if (!space.TryReadString(call.Service, buffer, out ReadOnlySpan<byte> name))
        {
            Platform.Tracer.GuestError("client", $"the service name at 0x{call.Service:x} is not a string");
            return Unknown;
        }

        if (Services.Find(name) is not { } row)
        {
            Refuse(name, call);
            return Unknown;
        }

        if (_quiesced && row.Name is "open" or "boot")
        {
            // Linux prints, FreeBSD claims and reads properties after quiesce; what it forbids is to set a device going again.
            Platform.Tracer.GuestError("client", $"\"{row.Name}\" after quiesce, which left the devices at rest");
        }

        if (!Services.TryInvoke(row, this, call, _tracer, exact: false))
        {
            Platform.Tracer.GuestError("client", $"{row.Name} needs {row.Signature.LeastArguments} arguments, not {call.ArgumentCount}");
            return Unknown;
        }

        call.Commit();
        return 0;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("quiesced", ref _quiesced);
        state.Field("callback", ref _callback);
        state.Field("symToValue", ref _symToValue);
        state.Field("valueToSym", ref _valueToSym);
    }

    private void Refuse(ReadOnlySpan<byte> name, CallBlock call)
    {
        string text = Encoding.Latin1.GetString(name);
        Platform.Tracer.GuestError("client", $"there is no service \"{text}\"");
        if (_tracer.IsEnabled)
        {
            _tracer.WriteRefused(text, "unknown service", call, _tracer.Arguments(null, call));
        }
    }

    private string? NameOfHandle(ServiceParameterKind kind, uint value) =>
        kind == ServiceParameterKind.Phandle ? Tree.Find(value)?.Path : _firmware.Instances.Find(value)?.Path(withInterposed: true);

    private Instance? InstanceOf(uint ihandle) => _firmware.Instances.Find(ihandle);

    /// <summary>A string argument in the scratch buffer: good until the next one is read.</summary>
    private bool TryReadText(CallBlock call, int index, int longest, out ReadOnlySpan<byte> text)
    {
        text = default;
        return call[index] != 0 && call.Space.TryReadString(call[index], _text.AsSpan(0, longest), out text);
    }

    /// <summary>Stores as much of a path as fits, with its NUL if that fits too. Returns the length without the NUL.</summary>
    private static uint StorePath(CallBlock call, string? path, uint buffer, uint size)
    {
        if (path == null)
        {
            return Failed;
        }

        byte[] bytes = Encoding.Latin1.GetBytes(path + "\0");
        int count = (int)Math.Min(size, (uint)bytes.Length);
        return call.Space.TryWrite(buffer, bytes.AsSpan(0, count)) ? (uint)bytes.Length - 1 : Failed;
    }

}

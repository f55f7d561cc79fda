namespace Firmament.Firmware.Packages;

/// <summary>A serial console (IEEE 1275-1994 3.6.3 and 3.8.4): `read` answers −2 while nothing waits; there is no `seek`.</summary>
/// <remarks>Not modelled: the abort sequence of the keyboard, so install-abort and remove-abort have nothing to do.</remarks>
public sealed class ConsolePackage : IPackage
{
    private const int Chunk = 1024;

    // A client's length is the client's word: callers loop over short writes (IEEE 1275-1994 6.3.2.3).
    private const uint MostBytes = 64 * 1024;
    private const uint NothingAvailable = unchecked((uint)-2);

    private static readonly MethodTable<ConsolePackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "read", "addr len -- actual", static (console, call) => console.Read(call) },
        { "write", "addr len -- actual", static (console, call) => console.Write(call) },
        { "install-abort", "--", static (_, _) => CatchResult.Ok },
        { "remove-abort", "--", static (_, _) => CatchResult.Ok },
        { "restore", "--", static (_, _) => CatchResult.Ok },
        { "ring-bell", "--", static (console, _) => { console._console.Write("\a"u8); return CatchResult.Ok; } },
    };

    private readonly IFirmwareConsole _console;

    /// <summary>Gives <paramref name="console"/> methods.</summary>
    public ConsolePackage(IFirmwareConsole console) => _console = console;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private int Read(MethodCall call)
    {
        uint length = call.Stack.Pop();
        uint address = call.Stack.Pop();
        uint room = Math.Min(length, Chunk);
        if (!call.Space.CanAccess(address, room, write: true))
        {
            return CatchResult.InvalidAddress;
        }

        Span<byte> bytes = stackalloc byte[(int)room];
        int count = _console.Read(bytes);
        _ = call.Space.TryWrite(address, bytes[..count]);
        call.Stack.Push(count == 0 && length > 0 ? NothingAvailable : (uint)count);
        return CatchResult.Ok;
    }

    private int Write(MethodCall call)
    {
        uint length = Math.Min(call.Stack.Pop(), MostBytes);
        uint address = call.Stack.Pop();
        Span<byte> bytes = stackalloc byte[Chunk];
        uint written = 0;
        while (written < length)
        {
            int run = (int)Math.Min(length - written, Chunk);
            if (!call.Space.TryRead((ulong)address + written, bytes[..run]))
            {
                break;
            }

            _console.Write(bytes[..run]);
            written += (uint)run;
        }

        if (written == 0 && length > 0)
        {
            return CatchResult.InvalidAddress;
        }

        call.Stack.Push(written);
        return CatchResult.Ok;
    }
}

using Firmament.Firmware.Nvram;

namespace Firmament.Firmware.Packages;

/// <summary>NVRAM as a byte device (CHRP binding, device_type "nvram").</summary>
public sealed class NvramPackage : IPackage
{
    private const int Chunk = 1024;

    private static readonly MethodTable<NvramPackage> Methods = new()
    {
        { "open", "-- ok?", static (_, call) => { call.Stack.Push(true); return CatchResult.Ok; } },
        { "close", "--", static (_, _) => CatchResult.Ok },
        { "read", "addr len -- actual", static (nvram, call) => nvram.Transfer(call, toGuest: true) },
        { "write", "addr len -- actual", static (nvram, call) => nvram.Transfer(call, toGuest: false) },
        { "seek", "pos.lo pos.hi -- status", static (nvram, call) => nvram.Seek(call) },
        { "size", "-- d", static (nvram, call) => nvram.GetSize(call.Stack) },
    };

    private readonly INvram _nvram;

    /// <summary>Gives <paramref name="nvram"/> methods.</summary>
    public NvramPackage(INvram nvram) => _nvram = nvram;

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) => Methods.Call(this, method, call);

    private int Transfer(MethodCall call, bool toGuest)
    {
        uint length = call.Stack.Pop();
        uint address = call.Stack.Pop();
        int position = (int)call.Instance.Position;
        int wanted = (int)Math.Min(length, (uint)(_nvram.Size - position));
        if (!call.Space.CanAccess(address, (ulong)wanted, toGuest))
        {
            return CatchResult.InvalidAddress;
        }

        Span<byte> bytes = stackalloc byte[Chunk];
        int done = 0;
        while (done < wanted)
        {
            Span<byte> run = bytes[..Math.Min(wanted - done, Chunk)];
            bool ok = toGuest
                ? _nvram.TryRead(position + done, run) && call.Space.TryWrite((ulong)address + (uint)done, run)
                : call.Space.TryRead((ulong)address + (uint)done, run) && _nvram.TryWrite(position + done, run);
            if (!ok)
            {
                break;
            }

            done += run.Length;
        }

        call.Instance.Position += (uint)done;
        call.Stack.Push((uint)(done == 0 && wanted > 0 ? -1 : done));
        return CatchResult.Ok;
    }

    private int Seek(MethodCall call)
    {
        uint high = call.Stack.Pop();
        uint low = call.Stack.Pop();
        bool ok = high == 0 && low <= (uint)_nvram.Size;
        if (ok)
        {
            call.Instance.Position = low;
        }

        call.Stack.Push(ok ? 0 : uint.MaxValue);
        return CatchResult.Ok;
    }

    private int GetSize(DataStack stack)
    {
        stack.Push((uint)_nvram.Size);
        stack.Push(0u);
        return CatchResult.Ok;
    }
}

using System.Text;
using Firmament.Core.Time;
using Firmament.DeviceTree;
using Firmament.Firmware.Packages;
using Firmament.PowerPC;

namespace Firmament.Firmware.ClientInterface;

/// <content>Control transfer, user interface and time, IEEE 1275-1994 6.3.2.5 to 6.3.2.7, and extensions.</content>
public sealed partial class ClientServices
{
    private const int NanosecondsPerMillisecond = 1_000_000;

    private uint Boot(CallBlock call)
    {
        _ = TryReadText(call, 0, LongestSpecifier, out ReadOnlySpan<byte> specifier);
        Platform.Request(PlatformRequest.Boot, Encoding.Latin1.GetString(specifier));
        return 0;
    }

    private uint Enter(CallBlock call)
    {
        if (_firmware.Shell is { } shell)
        {
            // What the client finds when it goes on: the service was performed.
            call.Processor.WriteGpr(3, 0);
            shell.Enter(call.Processor);
        }
        else
        {
            Platform.Tracer.GuestError("client", "enter: there is no user interface, the client continues");
        }

        return 0;
    }

    private uint Exit(CallBlock call)
    {
        if (_firmware.Shell?.TryExit(call.Processor) != true)
        {
            Platform.Request(PlatformRequest.ClientExit, "");
        }

        return 0;
    }

    /// <summary>Frees the client's memory and starts another at its entry; the caller never sees a result.</summary>
    private uint Chain(CallBlock call)
    {
        (uint virt, uint size, uint entry) = (call[0], call[1], call[2]);
        if (entry % 4 != 0 || !Platform.Ram.Contains(entry, 4))
        {
            Platform.Tracer.GuestError("client", $"chain: the entry 0x{entry:x} is not in memory");
            return Failed;
        }

        if (size != 0)
        {
            _ = Release(virt, size);
        }

        (_firmware.CreateEntryState(entry) with { R6 = call[3], R7 = call[4] }).ApplyTo(call.Processor);
        _firmware.TransferControl();
        return 0;
    }

    private uint Interpret(CallBlock call)
    {
        if (_firmware.Forth is not { } forth)
        {
            Platform.Tracer.GuestError("client", "interpret: there is no Forth");
            return unchecked((uint)CatchResult.UnsupportedOperation);
        }

        if (!TryReadText(call, 0, LongestText, out ReadOnlySpan<byte> text))
        {
            return unchecked((uint)CatchResult.InvalidAddress);
        }

        PushArguments(call, 1);
        int result = forth.Interpret(text, call.Space, _stack);
        return FinishMethod(call, result);
    }

    private uint SetCallback(uint callback)
    {
        uint old = _callback;
        _callback = callback;
        return old;
    }

    private uint SetSymbolLookup(uint symToValue, uint valueToSym)
    {
        (_symToValue, _valueToSym) = (symToValue, valueToSym);
        return 0;
    }

    private uint Milliseconds() => (uint)(Platform.Now.Nanoseconds / NanosecondsPerMillisecond);

    private uint Quiesce()
    {
        if (!_quiesced)
        {
            _quiesced = true;
            Platform.Quiesce();
        }

        return 0;
    }

    private uint StartCpu(CallBlock call)
    {
        bool ok = Tree.Find(call[0]) is { } node && IndexOf(node) is { } index && Platform.TryStartProcessor(index, call[1], call[2]);
        if (!ok)
        {
            Platform.Tracer.GuestError("client", $"start-cpu: phandle 0x{call[0]:x} is no CPU that could be started");
        }

        return ok ? 0 : Failed;
    }

    private int? IndexOf(DeviceNode node)
    {
        if (!node.TryGetCell("reg", 0, out uint number) || node.GetString("device_type") != "cpu")
        {
            return null;
        }

        return number < (uint)Platform.Processors.Count ? (int)number : null;
    }

    private uint StopSelf(CallBlock call)
    {
        Platform.StopProcessor(call.Processor);
        return 0;
    }

    private uint IdleSelf(CallBlock call)
    {
        Platform.Idle(call.Processor, VirtualTime.Never);
        return 0;
    }

    private uint GetTimeOfDay(CallBlock call)
    {
        if (Platform.Clock is not { } clock)
        {
            return Failed;
        }

        DateTime now = clock.Read();
        call.Return(
            1,
            [(uint)now.Year, (uint)now.Month, (uint)now.Day, (uint)now.Hour, (uint)now.Minute, (uint)now.Second, CalendarTime.Nanoseconds(now)]);
        return 0;
    }

    private uint SetTimeOfDay(CallBlock call) =>
        CalendarTime.TryCreate(call[0], call[1], call[2], call[3], call[4], call[5], call[6], out DateTime time)
            && Platform.Clock?.TrySet(time) == true ? 0 : Failed;
}

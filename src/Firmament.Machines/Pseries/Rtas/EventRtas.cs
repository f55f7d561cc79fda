using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// Events of the platform: one raises its interrupt, the guest fetches its log with check-exception (LoPAPR 1.1 7.3.3). The one event
/// there is asks the guest to shut down.
/// </summary>
internal sealed class EventRtas : IStateful
{
    private const uint EpowMask = 0x4000_0000;
    private const int MostLogBytes = 512;

    private readonly InterruptLine _epow;
    private readonly IFirmwarePlatform _platform;
    private readonly byte[] _log = new byte[MostLogBytes];
    private int _length;
    private uint _nextLogId;

    /// <summary>Makes the services.</summary>
    /// <param name="platform">Its clock dates the logs.</param>
    /// <param name="epow">The interrupt of environmental and power events; pulsed.</param>
    public EventRtas(IFirmwarePlatform platform, InterruptLine epow)
    {
        _platform = platform;
        _epow = epow;
    }

    /// <summary>True while an event waits to be fetched.</summary>
    public bool IsPending => _length > 0;

    /// <summary>Asks the guest to shut down, as a power button does. An event that still waits is replaced.</summary>
    public void RaiseShutdown()
    {
        byte[] log = EventLog.Shutdown(_platform.Clock?.Read() ?? DateTime.UnixEpoch, _nextLogId++);
        log.CopyTo(_log, 0);
        _length = log.Length;
        Pulse();
    }

    /// <summary>check-exception: vector, information, mask, critical, buffer, length, [time base]. The log is cut to the buffer.</summary>
    public uint CheckException(CallBlock call)
    {
        if (_length == 0 || (call[2] & EpowMask) == 0)
        {
            return RtasStatus.NoErrors;
        }

        int count = (int)Math.Min(call[5], (uint)_length);
        if (!call.Space.TryWrite(call[4], _log.AsSpan(0, count)))
        {
            return RtasStatus.ParameterError;
        }

        Forget();
        return RtasStatus.Success;
    }

    /// <summary>event-scan: finds no errors. An event that waits is announced again, because its interrupt may have been lost while masked.</summary>
    public uint Scan()
    {
        if (_length > 0)
        {
            Pulse();
        }

        return RtasStatus.NoErrors;
    }

    /// <summary>Nothing waits: the machine was reset.</summary>
    public void Reset()
    {
        Forget();
        _nextLogId = 0;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("log", _log);
        state.Field("length", ref _length);
        state.Field("next-log", ref _nextLogId);
        _length = Math.Clamp(_length, 0, MostLogBytes);
    }

    private void Forget()
    {
        Array.Clear(_log);
        _length = 0;
    }

    private void Pulse()
    {
        _epow.Raise();
        _epow.Lower();
    }
}

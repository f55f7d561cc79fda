using Firmament.Core.Time;
using Firmament.Firmware.Nvram;
using Firmament.PowerPC;

namespace Firmament.Firmware.Hypercalls;

/// <summary>
/// Mac-on-Linux's OS interface: plain `sc` with magic numbers in r3 and r4, selector in r5, arguments from r6, result in r3 and from
/// r4. Any other `sc` stays a system call.
/// </summary>
/// <remarks>
/// User programs may use the harmless selectors; the firmware, power and NVRAM are the supervisor's, and from user state those stay
/// system calls. Pointers of selectors 20 and 22 are those of the client interface and RTAS.
/// </remarks>
public sealed class OsiHypercalls : HypercallFrontEnd
{
    /// <summary>r3 of a call.</summary>
    public const uint Magic3 = 0x113724fa;

    /// <summary>r4 of a call.</summary>
    public const uint Magic4 = 0x77810f9b;

    /// <summary>OSI_OF_INTERFACE.</summary>
    public const uint ClientSelector = 20;

    /// <summary>OSI_OF_RTAS.</summary>
    public const uint RtasSelector = 22;

    /// <summary>The firmware's own program; a selector that Mac-on-Linux does not use.</summary>
    public const uint ShellSelector = 0x4649;

    // Seconds from 1904, where Mac OS counts from, to 1970.
    private const long MacEpoch = 0x7c25b080;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    internal OsiHypercalls(ServiceDispatcher services)
        : base(services, "osi", firstArgument: 6, firstResult: 4)
    {
        Table.Add(0, "OSI_CALL_AVAILABLE", 1, 0, HypercallAccess.User, call => Table.Find(call[0]) != null ? 1 : 0);
        Table.Add(7, "OSI_GET_GMT_TIME", 0, 0, HypercallAccess.User, static call => Seconds(call));
        Table.Add(9, "OSI_GET_LOCALTIME", 0, 0, HypercallAccess.User, static call => Seconds(call) + MacEpoch);
        Table.Add(ClientSelector, "OSI_OF_INTERFACE", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallClient(call.Processor, call[0]));
        Table.Add(RtasSelector, "OSI_OF_RTAS", 1, 0, HypercallAccess.Carrier, static call => call.Services.CallRtas(call.Processor, call[0]));
        Table.Add(ShellSelector, "OSI_SHELL", 0, 0, HypercallAccess.Carrier, static call => call.Services.RunShell(call.Processor));
        Table.Add(47, "OSI_LOG_PUTC", 1, 0, HypercallAccess.User, static call => PutCharacter(call));
        Table.Add(52, "OSI_WRITE_NVRAM_BYTE", 2, 0, static call => WriteNvram(call));
        Table.Add(53, "OSI_READ_NVRAM_BYTE", 1, 0, static call => ReadNvram(call));
        Table.Add(54, "OSI_EXIT", 0, 0, static call => Exit(call));
        Table.Add(58, "OSI_USLEEP", 1, 0, static call => Sleep(call));
        Table.Add(91, "OSI_NVRAM_SIZE", 0, 0, static call => call.Services.Platform.Nvram?.Size ?? 0);
        Table.Add(92, "OSI_MTICKS_TO_USECS", 1, 0, HypercallAccess.User, static call => Scale(call[0], MicrosecondsPerSecond, call.Services.Platform.TimeBaseFrequency));
        Table.Add(93, "OSI_USECS_TO_MTICKS", 1, 0, HypercallAccess.User, static call => Scale(call[0], call.Services.Platform.TimeBaseFrequency, MicrosecondsPerSecond));
    }

    /// <inheritdoc/>
    public override bool TryIntercept(IProcessor cpu, int level) =>
        level == 0 && (uint)cpu.ReadGpr(3) == Magic3 && (uint)cpu.ReadGpr(4) == Magic4 && TryServe(cpu, (uint)cpu.ReadGpr(5), unknown: 0);

    private static long Seconds(HypercallCall call) =>
        call.Services.Platform.Clock is { } clock ? (clock.Read() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond : 0;

    private static long PutCharacter(HypercallCall call)
    {
        call.Services.Platform.Console.Write([(byte)call[0]]);
        return 0;
    }

    private static long Exit(HypercallCall call)
    {
        call.Services.Platform.Request(PlatformRequest.PowerOff, "");
        return 0;
    }

    private static long Sleep(HypercallCall call)
    {
        IFirmwarePlatform platform = call.Services.Platform;
        platform.Idle(call.Processor, platform.Now + VirtualTime.FromMicroseconds((uint)call[0]));
        return 0;
    }

    private static long WriteNvram(HypercallCall call) =>
        call[0] <= int.MaxValue && call.Services.Platform.Nvram?.TryWrite((int)call[0], [(byte)call[1]]) == true ? 0 : -1;

    private static long ReadNvram(HypercallCall call)
    {
        Span<byte> value = stackalloc byte[1];
        INvram? nvram = call.Services.Platform.Nvram;
        return call[0] <= int.MaxValue && nvram?.TryRead((int)call[0], value) == true ? value[0] : -1;
    }

    private static long Scale(ulong value, ulong numerator, ulong denominator) => (uint)((UInt128)value * numerator / Math.Max(denominator, 1));
}

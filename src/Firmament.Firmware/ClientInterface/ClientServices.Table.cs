namespace Firmament.Firmware.ClientInterface;

/// <content>The table: names as IEEE 1275-1994 6.3.2 and the bindings spell them.</content>
public sealed partial class ClientServices
{
    /// <summary>Every service.</summary>
    public static readonly ServiceTable<ClientServices> Services = new()
    {
        // 6.3.2.1 Client interface
        { "test", "text name -> int missing", static (of, call) => of.Test(call) },

        // 6.3.2.2 Device tree
        { "peer", "phandle phandle -> phandle peer", static (of, call) => of.Peer(call[0]) },
        { "child", "phandle phandle -> phandle child", static (of, call) => of.Child(call[0]) },
        { "parent", "phandle phandle -> phandle parent", static (of, call) => of.Parent(call[0]) },
        { "instance-to-package", "ihandle ihandle -> phandle phandle", static (of, call) => of.InstanceToPackage(call[0]) },
        { "getproplen", "phandle phandle, text name -> int length", static (of, call) => of.GetPropertyLength(call) },
        { "getprop", "phandle phandle, text name, buffer buf, int buflen -> int size", static (of, call) => of.GetProperty(call) },
        { "nextprop", "phandle phandle, text previous, buffer buf -> int flag", static (of, call) => of.NextProperty(call) },
        { "setprop", "phandle phandle, text name, bytes buf, int len -> int size", static (of, call) => of.SetProperty(call) },
        { "canon", "text specifier, buffer buf, int buflen -> int length", static (of, call) => of.Canonicalise(call) },
        { "finddevice", "text specifier -> phandle phandle", static (of, call) => of.FindDevice(call) },
        { "instance-to-path", "ihandle ihandle, buffer buf, int buflen -> int length", static (of, call) => of.InstanceToPath(call, withInterposed: false) },
        { "package-to-path", "phandle phandle, buffer buf, int buflen -> int length", static (of, call) => of.PackageToPath(call) },
        { "call-method", "text method, ihandle ihandle, ... -> int catch-result, ...", static (of, call) => of.CallMethod(call) },

        // Interposition recommended practice; LoPAPR 1.1 appendix B
        { "instance-to-interposed-path", "ihandle ihandle, buffer buf, int buflen -> int length", static (of, call) => of.InstanceToPath(call, withInterposed: true) },
        { "test-method", "phandle phandle, text method -> int missing", static (of, call) => of.TestMethod(call) },

        // 6.3.2.3 Device I/O
        { "open", "text specifier -> ihandle ihandle", static (of, call) => of.Open(call) },
        { "close", "ihandle ihandle", static (of, call) => of.Close(call) },
        { "read", "ihandle ihandle, buffer addr, int len -> int actual", static (of, call) => of.Transfer(call, "read"u8) },
        { "write", "ihandle ihandle, bytes addr, int len -> int actual", static (of, call) => of.Transfer(call, "write"u8) },
        { "seek", "ihandle ihandle, pos.hi, pos.lo -> int status", static (of, call) => of.Seek(call) },

        // 6.3.2.4 Memory
        { "claim", "virt, size, align -> int base", static (of, call) => of.Claim(call[0], call[1], call[2]) },
        { "release", "virt, size", static (of, call) => of.Release(call[0], call[1]) },

        // 6.3.2.5 Control transfer
        { "boot", "text bootspec", static (of, call) => of.Boot(call) },
        { "enter", "", static (of, call) => of.Enter(call) },
        { "exit", "", static (of, call) => of.Exit(call) },
        { "chain", "virt, size, entry, bytes args, int len", static (of, call) => of.Chain(call) },

        // 6.3.2.6 User interface
        { "interpret", "text cmd, ... -> int catch-result, ...", static (of, call) => of.Interpret(call) },
        { "set-callback", "newfunc -> oldfunc", static (of, call) => of.SetCallback(call[0]) },
        { "set-symbol-lookup", "sym-to-value, value-to-sym", static (of, call) => of.SetSymbolLookup(call[0], call[1]) },

        // 6.3.2.7 Time
        { "milliseconds", "-> int ms", static (of, _) => of.Milliseconds() },

        // Extensions: Apple and IBM; CHRP multiprocessor; the Pegasos II firmware's clock; yaboot; FreeBSD
        { "quiesce", "", static (of, _) => of.Quiesce() },
        { "start-cpu", "phandle phandle, pc, r3", static (of, call) => of.StartCpu(call) },
        { "stop-self", "", static (of, call) => of.StopSelf(call) },
        { "idle-self", "", static (of, call) => of.IdleSelf(call) },
        { "get-time-of-day", "-> int status, int year, int month, int day, int hour, int minute, int second, int ns", static (of, call) => of.GetTimeOfDay(call) },
        { "set-time-of-day", "int year, int month, int day, int hour, int minute, int second, int ns? -> int status", static (of, call) => of.SetTimeOfDay(call) },
        { "find-package", "text name -> phandle phandle", static (of, call) => of.FindPackage(call) },
        { "block-size", "ihandle ihandle -> int size", static (of, call) => of.AskInstance(call[0], "block-size"u8) },
        { "#blocks", "ihandle ihandle -> int blocks", static (of, call) => of.AskInstance(call[0], "#blocks"u8) },
    };
}

using System.Globalization;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Cli.Running;

/// <summary>Counters as text.</summary>
internal static class StatisticsText
{
    /// <summary>For `info statistics`.</summary>
    public static string Monitor(MachineStatistics s) => string.Create(CultureInfo.InvariantCulture,
        $"instructions     {s.Instructions:N0}\nvirtual time     {s.VirtualNanoseconds / 1e9:F6} s\nfirmware calls   {s.FirmwareCalls:N0}\nRTAS calls       {s.RtasCalls:N0}\nhypervisor calls {s.Hypercalls:N0}\nguest errors     {s.GuestErrors:N0}\n");

    /// <summary>The engine's counters.</summary>
    public static string Engine(EngineStatistics e) => string.Create(CultureInfo.InvariantCulture,
        $"interrupts       {e.Interrupts:N0}\nTLB misses       {e.TlbMisses:N0}\nTLB flushes      {e.TlbFlushes:N0}\ndecoded          {e.Decoded:N0} instructions\ntranslated       {e.Translated:N0} instructions in {e.Regions:N0} regions\ntranslated code  {e.CodeBytes / 1024.0:N0} KiB, {e.CodeFlushes:N0} flushes\n");

    /// <summary>For --stats: the counters, the wall time and the memory of the process.</summary>
    public static string End(MachineStatistics s, EngineStatistics e, TimeSpan wall, long residentBytes)
    {
        double mips = wall.TotalSeconds > 0 ? s.Instructions / wall.TotalSeconds / 1e6 : 0;
        return Monitor(s) + Engine(e) + string.Create(CultureInfo.InvariantCulture,
            $"wall time        {wall.TotalSeconds:F3} s\nspeed            {mips:F0} MIPS\nresident memory  {residentBytes / 1048576.0:F0} MiB\n");
    }
}

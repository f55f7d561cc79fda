using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>
/// RTAS services of the PCI host bridges: configuration space, messages as interrupts, dynamic DMA windows. Source: the RTAS reference,
/// section 2; LoPAPR 1.1 7.3.4, 7.3.10.5 and 7.3.10.
/// </summary>
/// <remarks>A configuration address is register bits 7:0, function 10:8, device 15:11, bus 23:16, register bits 11:8 in 31:28.</remarks>
internal sealed class PciRtas(IReadOnlyList<SpaprPhb> bridges) : IPseriesPciRtas
{
    private const int ConfigurationLength = 256;
    private const uint MsiType = 1;
    private const uint MsixType = 2;

    /// <summary>Page sizes of dynamic windows by log2 of their bytes, and their bits in ibm,query-pe-dma-window's answer.</summary>
    private static readonly (int Shift, uint Bit)[] PageSizes = [(12, 1), (16, 2), (21, 0x100), (24, 4)];

    /// <inheritdoc/>
    public uint ReadConfig(CallBlock call) => Read(call, 0, call[0], call[1]);

    /// <inheritdoc/>
    public uint WriteConfig(CallBlock call) => Write(0, call[0], call[1], call[2]);

    /// <inheritdoc/>
    public uint ReadBridgeConfig(CallBlock call) => Read(call, Buid(call), call[0], call[3]);

    /// <inheritdoc/>
    public uint WriteBridgeConfig(CallBlock call) => Write(Buid(call), call[0], call[3], call[4]);

    /// <inheritdoc/>
    public uint QueryInterruptSource(CallBlock call)
    {
        const uint Edge = 1;
        if (FindBridge(Buid(call)) is not { } bridge || bridge.Function(call[0]) is not { } function)
        {
            return RtasStatus.ParameterError;
        }

        int number = bridge.MessageNumber(function, call[3]);
        if (number < 0)
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, (uint)number);
        call.Return(2, Edge);
        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public uint ChangeMsi(CallBlock call)
    {
        const uint Change = 1;
        const uint ChangeToMsi = 3;
        const uint ChangeToMsix = 4;
        (uint wanted, uint count) = (call[3], call[4]);
        if (wanted is not (Change or ChangeToMsi or ChangeToMsix)
            || FindBridge(Buid(call)) is not { } bridge || bridge.Function(call[0]) is not { } function)
        {
            return RtasStatus.ParameterError;
        }

        if (count == 0)
        {
            call.Return(1, 0);
            return bridge.ReleaseMessages(function) ? RtasStatus.Success : RtasStatus.HardwareError;
        }

        // Where the guest leaves the choice, MSI comes first, as on QEMU.
        bool msi = wanted != ChangeToMsix && function.Msi != null;
        int most = msi ? function.Msi!.Vectors : wanted != ChangeToMsi ? function.Msix?.Vectors ?? 0 : 0;
        if (most == 0)
        {
            return RtasStatus.HardwareError;
        }

        // A request for more than there is changes nothing and tells how many there are; MSI comes in powers of two.
        uint granted = Math.Min(count, (uint)most);
        granted = msi ? 1u << System.Numerics.BitOperations.Log2(granted) : granted;
        if (count <= (uint)most && !(msi ? bridge.TryAllocateAlignedMessages(function, (int)granted) : bridge.TryAllocateMessages(function, (int)granted)))
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, granted);
        call.Return(2, call[5] + 1);
        call.Return(3, msi ? MsiType : MsixType);
        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public uint QueryDmaWindow(CallBlock call)
    {
        const int WithWideLargest = 6;
        if (FindBridge(Buid(call)) is not { } bridge)
        {
            return RtasStatus.ParameterError;
        }

        uint pages = 0;
        foreach ((int _, uint bit) in PageSizes)
        {
            pages |= bit;
        }

        int at = 1;
        call.Return(at++, (uint)bridge.Windows.Count(static window => !window.IsEnabled));
        if (call.ResultCount == WithWideLargest)
        {
            call.Return(at++, (uint)(bridge.MostEntries >> 32));
        }

        call.Return(at++, (uint)Math.Min(bridge.MostEntries, uint.MaxValue));
        call.Return(at++, pages);
        call.Return(at, 0); // no migration of entries
        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public uint CreateDmaWindow(CallBlock call)
    {
        (uint pageShift, uint windowShift) = (call[3], call[4]);
        if (FindBridge(Buid(call)) is not { } bridge || !PageSizes.Any(size => size.Shift == pageShift) || windowShift < pageShift || windowShift > 63)
        {
            return RtasStatus.ParameterError;
        }

        ulong entries = 1ul << (int)(windowShift - pageShift);
        if (entries > bridge.MostEntries || bridge.CreateWindow((int)pageShift, entries) is not { } window)
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, window.Liobn);
        call.Return(2, (uint)(window.Start >> 32));
        call.Return(3, (uint)window.Start);
        return RtasStatus.Success;
    }

    /// <inheritdoc/>
    public uint RemoveDmaWindow(CallBlock call)
    {
        foreach (SpaprPhb bridge in bridges)
        {
            if (bridge.RemoveWindow(call[0]))
            {
                return RtasStatus.Success;
            }
        }

        return RtasStatus.ParameterError;
    }

    /// <inheritdoc/>
    public uint ResetDmaWindow(CallBlock call)
    {
        if (FindBridge(Buid(call)) is not { } bridge)
        {
            return RtasStatus.ParameterError;
        }

        bridge.ResetWindows();
        return RtasStatus.Success;
    }

    private static ulong Buid(CallBlock call) => ((ulong)call[1] << 32) | call[2];

    private SpaprPhb? FindBridge(ulong buid) => bridges.FirstOrDefault(bridge => bridge.Buid == buid);

    /// <summary>A missing function, a misaligned register and one beyond configuration space are hardware errors, as on QEMU.</summary>
    private bool TryFind(ulong buid, uint address, uint size, out PciFunction function, out int register)
    {
        register = (int)((address >> 20 & 0xf00) | (address & 0xff));
        function = FindBridge(buid)?.Function(address)!;
        return function != null && size is 1 or 2 or 4 && register % size == 0 && register < ConfigurationLength;
    }

    private uint Read(CallBlock call, ulong buid, uint address, uint size)
    {
        if (!TryFind(buid, address, size, out PciFunction function, out int register))
        {
            return RtasStatus.HardwareError;
        }

        call.Return(1, function.ReadConfig(register, (int)size));
        return RtasStatus.Success;
    }

    private uint Write(ulong buid, uint address, uint size, uint value)
    {
        if (!TryFind(buid, address, size, out PciFunction function, out int register))
        {
            return RtasStatus.HardwareError;
        }

        function.WriteConfig(register, value, (int)size);
        return RtasStatus.Success;
    }
}

using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Buses.Spapr;

/// <summary>
/// A PCI host bridge of a pseries partition: one bus, three windows in the CPU's address space, DMA through two TCE tables, messages as
/// interrupts. Configuration, messages and dynamic windows are asked of it by RTAS. Source: LoPAPR 1.1 7.3.11 and the pseries reference, section 6.
/// </summary>
/// <remarks>
/// Quirk: like QEMU's bridge it has no isolation of partitionable endpoints, so the EEH services (2020 to 2025) answer "not supported" and
/// Linux runs without EEH. Not modelled: bridges behind it; its bus is bus 0.
/// </remarks>
public sealed class SpaprPhb : IStateful
{
    /// <summary>BUID of bridge 0; bridge n has n more.</summary>
    public const ulong FirstBuid = 0x800_0000_2000_0000;

    /// <summary>CPU address of the I/O window of bridge 0.</summary>
    public const ulong IoBase = 0x2000_0000_0000;

    /// <summary>Bytes of the I/O window, and the distance to the next bridge's.</summary>
    public const ulong IoLength = 0x1_0000;

    /// <summary>CPU address of the 32-bit memory window of bridge 0.</summary>
    public const ulong MemoryBase = 0x2000_8000_0000;

    /// <summary>Bytes of the 32-bit memory window, and the distance to the next bridge's.</summary>
    public const ulong MemoryLength = 0x8000_0000;

    /// <summary>Bus address of the 32-bit memory window.</summary>
    public const ulong MemoryBusAddress = 0x8000_0000;

    /// <summary>CPU and bus address of the 64-bit memory window of bridge 0.</summary>
    public const ulong Memory64Base = 0x2100_0000_0000;

    /// <summary>Bytes of the 64-bit memory window, and the distance to the next bridge's.</summary>
    public const ulong Memory64Length = 0x100_0000_0000;

    /// <summary>Bus address where a 4-byte store of a source number interrupts.</summary>
    public const ulong MsiWindow = 0x400_0000_0000;

    /// <summary>Bytes of the default DMA window, at bus address 0.</summary>
    public const ulong DmaWindowLength = 0x4000_0000;

    /// <summary>Bus address of the second DMA window.</summary>
    public const ulong DynamicWindowStart = 0x800_0000_0000_0000;

    /// <summary>The most bridges: their windows end where the next kind begins.</summary>
    public const int MostBridges = 31;

    /// <summary>DMA windows a bridge can have at a time.</summary>
    public const int MostWindows = 2;

    private const ulong MsiWindowLength = 0x1_0000;
    private const uint FirstLiobn = 0x8000_0000;
    private const int FirstLsi = 0x1200;
    private const int PinCount = 4;

    private readonly SharedLine[] _pins = new SharedLine[PinCount];
    private readonly TceTable[] _windows = new TceTable[MostWindows];
    private readonly SortedDictionary<int, MsiBlock> _messages = [];
    private readonly PseriesInterrupts _numbers;
    private readonly Func<int, InterruptLine> _source;
    private readonly Tracer _tracer;
    private readonly ulong _mostEntries;

    /// <summary>Makes a bridge with an empty bus.</summary>
    /// <param name="index">0 for the first bridge, up to <see cref="MostBridges"/> - 1.</param>
    /// <param name="tables">Where its DMA windows are registered.</param>
    /// <param name="numbers">The partition's message interrupts.</param>
    /// <param name="source">The interrupt controller's input for a source number: a level for pins, a pulse for messages.</param>
    /// <param name="tracer">For guest mistakes.</param>
    public SpaprPhb(int index, TceTables tables, PseriesInterrupts numbers, Func<int, InterruptLine> source, Tracer tracer)
    {
        Index = index;
        _numbers = numbers;
        _source = source;
        _tracer = tracer;
        for (int pin = 0; pin < PinCount; pin++)
        {
            _pins[pin] = new SharedLine(source(LsiNumber(pin)));
        }

        for (int window = 0; window < MostWindows; window++)
        {
            _windows[window] = tables.Create(FirstLiobn | ((uint)index << 8) | (uint)window);
        }

        // Sixteen times what maps all memory, in pages of 4 KiB: a guest's window cannot take more than 1/32 of it on the host.
        _mostEntries = Math.Clamp(tables.Ram.Size >> 8, 1 << 20, TceTable.MostPages);
        Bus = new PciBus(index == 0 ? "pci" : $"pci.{index}", new DmaSpace(this), (device, pin) => _pins[PinOf(device, pin)].Connect($"{device:x2} pin {pin}"), tracer);
        Memory = new Window(Bus.Memory, MemoryBusAddress);
        Memory64 = new Window(Bus.Memory, Memory64Base + ((ulong)index * Memory64Length));
        ResetWindows();
    }

    /// <summary>0 for the first bridge.</summary>
    public int Index { get; }

    /// <summary>The bus unit ID that RTAS calls name it by.</summary>
    public ulong Buid => FirstBuid + (ulong)Index;

    /// <summary>Its bus.</summary>
    public PciBus Bus { get; }

    /// <summary>The 32-bit memory window; offset 0 is bus address 0x80000000.</summary>
    public IMmioTarget Memory { get; }

    /// <summary>The 64-bit memory window; bus addresses are the CPU's.</summary>
    public IMmioTarget Memory64 { get; }

    /// <summary>The DMA windows; the first is there after reset.</summary>
    public IReadOnlyList<TceTable> Windows => _windows;

    /// <summary>TCEs a dynamic window can have.</summary>
    public ulong MostEntries => _mostEntries;

    /// <summary>The source number of a pin, 0 = INTA, of any device in slot 0.</summary>
    public int LsiNumber(int pin) => FirstLsi + (PinCount * Index) + pin;

    /// <summary>Which of the four sources a device's pin (1 = INTA to 4) leads to.</summary>
    public static int PinOf(int device, int pin) => (device + pin - 1) % PinCount;

    /// <summary>Maps the three windows.</summary>
    public void MapTo(MemoryMap map)
    {
        ulong index = (ulong)Index;
        map.Add(new MemoryRegion($"phb{Index} io", IoBase + (index * IoLength), IoLength, Bus.Io, Endianness.Little));
        map.Add(new MemoryRegion($"phb{Index} mem", MemoryBase + (index * MemoryLength), MemoryLength, Memory, Endianness.Little));
        map.Add(new MemoryRegion($"phb{Index} mem64", Memory64Base + (index * Memory64Length), Memory64Length, Memory64, Endianness.Little));
    }

    /// <summary>The function a configuration address names (bus 23:16, device 15:11, function 10:8), or null.</summary>
    public PciFunction? Function(uint address) => (address >> 16 & 0xff) == 0 ? Bus[(int)(address >> 11 & 0x1f), (int)(address >> 8 & 7)] : null;

    /// <summary>Gives a function interrupt messages and programs them into it (ibm,change-msi).</summary>
    /// <param name="function">A function of this bridge with MSI-X.</param>
    /// <param name="count">1 to its vectors.</param>
    /// <returns>False when the partition has no numbers left.</returns>
    public bool TryAllocateMessages(PciFunction function, int count)
    {
        MsixTable msix = function.Msix!;
        if (!TryClaim(function, count, align: false, out int first))
        {
            return false;
        }

        for (int vector = 0; vector < count; vector++)
        {
            msix.SetMessage(vector, MsiWindow, (uint)(first + vector));
        }

        return true;
    }

    /// <summary>The same by a function's MSI capability: the numbers are consecutive and aligned, since the function changes the low bits only.</summary>
    /// <param name="function">A function of this bridge with MSI.</param>
    /// <param name="count">A power of two, 1 to its vectors.</param>
    /// <returns>False when the partition has no numbers left.</returns>
    public bool TryAllocateAlignedMessages(PciFunction function, int count)
    {
        if (!TryClaim(function, count, align: true, out int first))
        {
            return false;
        }

        function.Msi!.SetMessage(MsiWindow, (ushort)first, count);
        return true;
    }

    /// <summary>Takes a function's messages away. False when it has none.</summary>
    public bool ReleaseMessages(PciFunction function)
    {
        if (!_messages.Remove(function.DevFn, out MsiBlock? block))
        {
            return false;
        }

        _numbers.Release(block.First, block.Count);
        for (int vector = 0; vector < block.Count; vector++)
        {
            function.Msix?.SetMessage(vector, 0, 0);
        }

        function.Msi?.SetMessage(0, 0, 1);

        return true;
    }

    /// <summary>The source number of a function's vector, or -1.</summary>
    public int MessageNumber(PciFunction function, uint vector) =>
        _messages.TryGetValue(function.DevFn, out MsiBlock? block) && vector < (uint)block.Count ? block.First + (int)vector : -1;

    /// <summary>Opens a DMA window (ibm,create-pe-dma-window): at bus address 0 when it is the only one, else at <see cref="DynamicWindowStart"/>.</summary>
    /// <param name="pageShift">12, 16, 21 or 24.</param>
    /// <param name="entries">1 to <see cref="MostEntries"/>.</param>
    /// <returns>The window, or null when both are taken.</returns>
    public TceTable? CreateWindow(int pageShift, ulong entries)
    {
        TceTable? free = Array.Find(_windows, static window => !window.IsEnabled);
        bool isOnly = Array.TrueForAll(_windows, static window => !window.IsEnabled);
        free?.Enable(isOnly ? 0 : DynamicWindowStart, pageShift, entries);
        return free;
    }

    /// <summary>Closes a DMA window. False when none of this bridge's open ones has that number.</summary>
    public bool RemoveWindow(uint liobn)
    {
        TceTable? window = Array.Find(_windows, window => window.Liobn == liobn && window.IsEnabled);
        window?.Disable();
        return window != null;
    }

    /// <summary>Leaves the default DMA window alone, empty.</summary>
    public void ResetWindows()
    {
        _windows[0].Enable(0, TceTable.DefaultPageShift, DmaWindowLength >> TceTable.DefaultPageShift);
        _windows[1].Disable();
    }

    /// <summary>Resets the bridge and everything on its bus.</summary>
    public void Reset()
    {
        foreach ((int _, MsiBlock block) in _messages)
        {
            _numbers.Release(block.First, block.Count);
        }

        _messages.Clear();
        ResetWindows();
        Bus.Reset();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        for (int pin = 0; pin < PinCount; pin++)
        {
            state.Component($"pin{pin}", _pins[pin]);
        }

        VisitMessages(state);
        state.Component("bus", Bus);
    }

    private bool TryClaim(PciFunction function, int count, bool align, out int first)
    {
        ReleaseMessages(function);
        if (!_numbers.TryAllocate(count, align, out first))
        {
            return false;
        }

        _messages.Add(function.DevFn, new MsiBlock(first, count));
        return true;
    }

    private void VisitMessages(StateVisitor state)
    {
        (int DevFn, MsiBlock Block)[] blocks = [.. _messages.Select(static pair => (pair.Key, pair.Value))];
        int count = blocks.Length;
        state.Field("messages", ref count);
        if (state.IsLoading)
        {
            _messages.Clear();
        }

        for (int i = 0; i < Math.Min(count, 256); i++)
        {
            (int devfn, int first, int length) = i < blocks.Length ? (blocks[i].DevFn, blocks[i].Block.First, blocks[i].Block.Count) : (0, 0, 0);
            state.Field($"devfn{i}", ref devfn);
            state.Field($"first{i}", ref first);
            state.Field($"count{i}", ref length);
            bool isInRange = first >= PseriesInterruptNumbers.FirstMessage && length > 0 && first + (long)length <= PseriesInterruptNumbers.Count;
            if (state.IsLoading && isInRange)
            {
                _messages[devfn] = new MsiBlock(first, length);
            }
        }
    }

    private bool TrySendMessage(ReadOnlySpan<byte> datum)
    {
        uint number = datum.Length == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(datum) : 0;
        if (number < PseriesInterruptNumbers.FirstMessage || number > int.MaxValue || !_numbers.IsClaimed((int)number))
        {
            _tracer.GuestError(Bus.Name, $"message of {datum.Length} bytes for source 0x{number:x}, which is not given to a device");
            return false;
        }

        InterruptLine line = _source((int)number);
        line.Raise();
        line.Lower();
        return true;
    }

    private sealed record MsiBlock(int First, int Count);

    /// <summary>The bus as its masters see it: DMA windows, and the message window between them.</summary>
    private sealed class DmaSpace(SpaprPhb phb) : IDmaSpace
    {
        public bool TryRead(ulong address, Span<byte> destination) => Find(address).TryRead(address, destination);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) =>
            address - MsiWindow < MsiWindowLength ? phb.TrySendMessage(source) : Find(address).TryWrite(address, source);

        private TceTable Find(ulong address)
        {
            foreach (TceTable window in phb._windows)
            {
                if (address >= window.Start && address - window.Start < window.Length)
                {
                    return window;
                }
            }

            // It traces and refuses.
            return phb._windows[0];
        }
    }

    private sealed class Window(IMmioTarget bus, ulong start) : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => bus.Read(start + offset, size);

        public void Write(ulong offset, ulong value, int size) => bus.Write(start + offset, value, size);
    }
}

using Firmament.Core.Memory;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>The legacy header in I/O BAR 0, and the device's configuration space after it. Source: virtio 1.1, 4.1.4.8.</summary>
internal sealed class VirtioLegacyRegisters(VirtioPciFunction function) : IMmioTarget
{
    private const int OfferedFeatures = 0x00;
    private const int AcceptedFeatures = 0x04;
    private const int QueueAddress = 0x08;
    private const int QueueSize = 0x0c;
    private const int QueueSelect = 0x0e;
    private const int QueueNotify = 0x10;
    private const int Status = 0x12;
    private const int Isr = 0x13;
    private const int ConfigurationVector = 0x14;
    private const int QueueVector = 0x16;

    // 4.1.4.8: the two vector registers are there while MSI-X is on, and move the configuration space.
    private int Configuration => function.UsesMsix ? 0x18 : 0x14;

    public ulong Read(ulong offset, int size)
    {
        if (offset >= (ulong)Configuration)
        {
            return function.ReadDeviceConfiguration((int)offset - Configuration, Math.Min(size, 4), function.LegacyOrder);
        }

        ulong value = (int)offset switch
        {
            OfferedFeatures => (uint)function.OfferedLegacyFeatures,
            AcceptedFeatures => (uint)function.Features,
            QueueAddress => function.SelectedQueue is { IsEnabled: true } queue ? queue.Descriptors >> 12 : 0,
            QueueSize => function.SelectedQueue?.Size ?? 0u,
            QueueSelect => function.QueueSelect,
            Status => function.Status,
            Isr => function.TakeIsr(),
            ConfigurationVector => function.ConfigurationVector,
            QueueVector => function.QueueVector,
            _ => 0,
        };
        return value & (ulong.MaxValue >> (64 - (8 * size)));
    }

    public void Write(ulong offset, ulong value, int size)
    {
        if (offset >= (ulong)Configuration)
        {
            function.WriteDeviceConfiguration((int)offset - Configuration, value, Math.Min(size, 4), function.LegacyOrder);
            return;
        }

        switch ((int)offset)
        {
            case AcceptedFeatures:
                function.AcceptFeatures((uint)value, uint.MaxValue, isLegacy: true);
                break;
            case QueueAddress:
                // 4.1.4.8: a legacy driver takes its queue back by writing 0.
                function.SelectedQueue?.PlaceLegacy((ulong)(uint)value << 12);
                break;
            case QueueSelect:
                function.QueueSelect = (ushort)value;
                break;
            case QueueNotify:
                function.Notify((ushort)value);
                break;
            case Status:
                function.WriteStatus((byte)value, isLegacy: true);
                break;
            case ConfigurationVector:
                function.ConfigurationVector = (ushort)value;
                break;
            case QueueVector:
                function.QueueVector = (ushort)value;
                break;
        }
    }
}

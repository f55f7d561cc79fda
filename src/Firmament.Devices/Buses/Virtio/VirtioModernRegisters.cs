using System.Buffers.Binary;
using Firmament.Core.Memory;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>The virtio 1.x structures in memory BAR 1, a page each. Source: virtio 1.1, 4.1.4.3 to 4.1.4.6.</summary>
internal sealed class VirtioModernRegisters(VirtioPciFunction function) : IMmioTarget
{
    public const uint Length = 0x4000;
    public const uint CommonOffset = 0x0000;
    public const uint CommonLength = 0x38;
    public const uint IsrOffset = 0x1000;
    public const uint DeviceOffset = 0x2000;
    public const uint NotifyOffset = 0x3000;
    public const uint NotifyMultiplier = 4;

    public const byte CommonType = 1;
    public const byte NotifyType = 2;
    public const byte IsrType = 3;
    public const byte DeviceType = 4;
    public const byte WindowType = 5;

    private const int OfferedSelect = 0x00;
    private const int Offered = 0x04;
    private const int AcceptedSelect = 0x08;
    private const int Accepted = 0x0c;
    private const int MsixVector = 0x10;
    private const int QueueCount = 0x12;
    private const int Status = 0x14;
    private const int Generation = 0x15;
    private const int QueueSelect = 0x16;
    private const int QueueSize = 0x18;
    private const int QueueMsixVector = 0x1a;
    private const int QueueEnable = 0x1c;
    private const int QueueNotifyOffset = 0x1e;
    private const int QueueDescriptors = 0x20;
    private const int QueueAvailable = 0x28;
    private const int QueueUsed = 0x30;

    public ulong Read(ulong offset, int size)
    {
        int at = (int)(offset & 0xfff);
        return (offset & ~0xffful) switch
        {
            CommonOffset => ReadCommon(at, size),
            IsrOffset => at == 0 ? function.TakeIsr() : 0ul,
            DeviceOffset => size == 8
                ? function.ReadDeviceConfiguration(at, 4, Endianness.Little)
                    | ((ulong)function.ReadDeviceConfiguration(at + 4, 4, Endianness.Little) << 32)
                : function.ReadDeviceConfiguration(at, size, Endianness.Little),
            _ => 0,
        };
    }

    public void Write(ulong offset, ulong value, int size)
    {
        int at = (int)(offset & 0xfff);
        switch (offset & ~0xffful)
        {
            case CommonOffset:
                WriteCommon(at, value, size);
                break;
            case DeviceOffset:
                function.WriteDeviceConfiguration(at, value, size, Endianness.Little);
                break;
            case NotifyOffset:
                function.Notify((uint)at / NotifyMultiplier);
                break;
        }
    }

    private ulong ReadCommon(int at, int size)
    {
        Span<byte> bytes = stackalloc byte[(int)CommonLength];
        bytes.Clear();
        Virtqueue? queue = function.SelectedQueue;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[OfferedSelect..], function.OfferedSelect);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Offered..], Half(function.OfferedFeatures, function.OfferedSelect));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[AcceptedSelect..], function.AcceptedSelect);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Accepted..], Half(function.Features, function.AcceptedSelect));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[MsixVector..], function.ConfigurationVector);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueCount..], (ushort)function.Device.Queues.Count);
        bytes[Status] = function.Status;
        bytes[Generation] = function.Generation;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueSelect..], function.QueueSelect);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueMsixVector..], function.QueueVector);
        if (queue != null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueSize..], queue.Size);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueEnable..], queue.IsEnabled ? (ushort)1 : (ushort)0);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[QueueNotifyOffset..], function.QueueSelect);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[QueueDescriptors..], queue.Descriptors);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[QueueAvailable..], queue.Available);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[QueueUsed..], queue.Used);
        }

        ulong value = 0;
        for (int i = 0; i < size && at + i < bytes.Length; i++)
        {
            value |= (ulong)bytes[at + i] << (8 * i);
        }

        return value;
    }

    private void WriteCommon(int at, ulong value, int size)
    {
        Virtqueue? queue = function.SelectedQueue;
        switch (at)
        {
            case OfferedSelect:
                function.OfferedSelect = (uint)value;
                break;
            case AcceptedSelect:
                function.AcceptedSelect = (uint)value;
                break;
            case Accepted when function.AcceptedSelect < 2:
                int shift = 32 * (int)function.AcceptedSelect;
                function.AcceptFeatures((ulong)(uint)value << shift, (ulong)uint.MaxValue << shift, isLegacy: false);
                break;
            case Status:
                function.WriteStatus((byte)value, isLegacy: false);
                break;
            case QueueSelect:
                function.QueueSelect = (ushort)value;
                break;
            case QueueSize when queue is { IsEnabled: false } && value != 0 && value <= queue.MaximumSize && (value & (value - 1)) == 0:
                queue.Size = (ushort)value;
                break;
            case MsixVector:
                function.ConfigurationVector = (ushort)value;
                break;
            case QueueMsixVector:
                function.QueueVector = (ushort)value;
                break;
            case QueueEnable when queue != null && value == 1:
                queue.IsEnabled = true;
                break;
            case >= QueueDescriptors and < (int)CommonLength when queue is { IsEnabled: false }:
                WriteAddress(queue, at, value, size);
                break;
        }
    }

    private static void WriteAddress(Virtqueue queue, int at, ulong value, int size)
    {
        int shift = 8 * (at & 7);
        ulong mask = ulong.MaxValue >> (64 - (8 * size)) << shift;
        ulong bits = (value << shift) & mask;
        switch (at & ~7)
        {
            case QueueDescriptors:
                queue.Descriptors = (queue.Descriptors & ~mask) | bits;
                break;
            case QueueAvailable:
                queue.Available = (queue.Available & ~mask) | bits;
                break;
            case QueueUsed:
                queue.Used = (queue.Used & ~mask) | bits;
                break;
        }
    }

    private static uint Half(ulong features, uint select) => select switch { 0 => (uint)features, 1 => (uint)(features >> 32), _ => 0 };
}

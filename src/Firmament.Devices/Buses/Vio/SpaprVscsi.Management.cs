using System.Buffers.Binary;
using System.Text;
using Firmament.Devices.Storage;

namespace Firmament.Devices.Buses.Vio;

/// <summary>Management datagrams (LoPAPR 1.1 appendix K, "MAD") and task management (SRP 6.7).</summary>
public sealed partial class SpaprVscsi
{
    private const int AdapterInfoLength = 148;
    private const int CapabilitiesLength = 92;

    private void Manage(Span<byte> unit, ulong address)
    {
        const uint AdapterInfo = 3;
        const uint Capabilities = 5;
        const uint FastFail = 8;
        const ushort NotSupported = 0xf1;
        const int HeaderLength = 16;
        const int WithBufferLength = 24;
        uint type = BinaryPrimitives.ReadUInt32BigEndian(unit);
        ushort status;
        int length = WithBufferLength;
        switch (type)
        {
            case AdapterInfo:
                status = SendAdapterInfo(unit);
                break;
            case Capabilities:
                status = SendCapabilities(unit);
                break;
            case FastFail:
                // Every failure is told at once.
                (status, length) = (0, HeaderLength);
                break;
            default:
                _tracer.GuestError(Name, $"management datagram of type {type}");
                (status, length) = (NotSupported, HeaderLength);
                break;
        }

        BinaryPrimitives.WriteUInt16BigEndian(unit[4..], status);
        Answer(unit[..length], address, ManagementFormat);
    }

    private ushort SendAdapterInfo(ReadOnlySpan<byte> unit)
    {
        const uint Linux = 2;
        Span<byte> info = stackalloc byte[AdapterInfoLength];
        info.Clear();
        Encoding.ASCII.GetBytes("16.a", info); // SRP version
        Encoding.ASCII.GetBytes("firmament", info[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(info[108..], 1); // MAD version
        BinaryPrimitives.WriteUInt32BigEndian(info[112..], Linux);
        BinaryPrimitives.WriteUInt32BigEndian(info[116..], ScsiDisk.MostBlocks / 16 * ScsiDisk.BlockSize);
        return Store(unit, info);
    }

    /// <summary>Capabilities are offered by the guest and taken back by the adapter: neither migration nor reservations.</summary>
    private ushort SendCapabilities(ReadOnlySpan<byte> unit)
    {
        const ushort Failed = 0xf7;
        Span<byte> capabilities = stackalloc byte[CapabilitiesLength];
        capabilities.Clear();
        int length = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(unit[6..]), CapabilitiesLength);
        if (!Dma!.TryRead(BinaryPrimitives.ReadUInt64BigEndian(unit[16..]), capabilities[..length]))
        {
            return Failed;
        }

        capabilities[..4].Clear(); // flags
        capabilities.Slice(74, 2).Clear(); // migration: server support
        capabilities.Slice(76, 4).Clear();
        capabilities.Slice(86, 2).Clear(); // reservations: server support
        capabilities.Slice(88, 4).Clear();
        return Store(unit, capabilities);
    }

    /// <summary>Writes as much of an answer as the datagram's length field has room for.</summary>
    private ushort Store(ReadOnlySpan<byte> unit, ReadOnlySpan<byte> answer)
    {
        const ushort Failed = 0xf7;
        int length = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(unit[6..]), answer.Length);
        return Dma!.TryWrite(BinaryPrimitives.ReadUInt64BigEndian(unit[16..]), answer[..length]) ? (ushort)0 : Failed;
    }

    private void ManageTask(ReadOnlySpan<byte> request, ulong address)
    {
        const byte AbortTask = 0x01;
        const byte AbortTaskSet = 0x02;
        const byte ClearTaskSet = 0x04;
        const byte LogicalUnitReset = 0x08;
        const byte ClearAutoContingent = 0x40;
        const byte Complete = 0;
        const byte InvalidFields = 2;
        const byte NotSupported = 4;
        const int ResponseDataLength = 4;

        (int target, int number) = Decode(BinaryPrimitives.ReadUInt64BigEndian(request[20..]));
        ScsiUnit? unit = Targets.Units.GetValueOrDefault((target, number));
        byte outcome = InvalidFields;
        if (unit != null)
        {
            switch (request[30])
            {
                case AbortTask or AbortTaskSet or ClearTaskSet: // no command outlives its hypercall
                    outcome = Complete;
                    break;
                case LogicalUnitReset:
                    unit.Reset();
                    outcome = Complete;
                    break;
                case ClearAutoContingent:
                    outcome = NotSupported;
                    break;
            }
        }

        Span<byte> answer = stackalloc byte[ResponseLength + ResponseDataLength];
        int length = StartResponse(answer, request, outcome != Complete);
        answer[18] = ResponseValid;
        BinaryPrimitives.WriteUInt32BigEndian(answer[32..], ResponseDataLength);
        answer[length + 3] = outcome;
        Answer(answer, address, SrpFormat);
    }
}

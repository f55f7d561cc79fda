using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses;

/// <summary>
/// The MSI-X table and pending bits of a function: an address, a datum and a mask for each vector; an interrupt is a 4-byte little-endian
/// store by the function. Source: PCI Local Bus Specification 3.0, 6.8.2.
/// </summary>
public sealed class MsixTable : IMmioTarget, IStateful
{
    /// <summary>Most vectors here; the specification allows 2048.</summary>
    public const int MostVectors = 128;

    /// <summary>Bytes of the BAR that holds table and pending bits.</summary>
    public const uint Length = 0x1000;

    /// <summary>Where the pending bits are in the BAR.</summary>
    public const uint PendingOffset = 0x800;

    internal const byte CapabilityId = 0x11;

    private const int EntryLength = 16;
    private const int DataOffset = 8;
    private const int ControlOffset = 12;
    private const byte Masked = 1;
    private const byte FunctionMask = 0x40;
    private const byte FunctionEnable = 0x80;

    private readonly PciFunction _owner;
    private readonly int _capability;
    private readonly byte[] _entries;
    private readonly byte[] _pending = new byte[MostVectors / 8];

    internal MsixTable(PciFunction owner, int capability, int vectors)
    {
        _owner = owner;
        _capability = capability;
        Vectors = vectors;
        _entries = new byte[vectors * EntryLength];
        Reset();
    }

    /// <summary>How many vectors the function has.</summary>
    public int Vectors { get; }

    /// <summary>True while the function uses MSI-X, and its interrupt pin is silent.</summary>
    public bool IsEnabled => (Control & FunctionEnable) != 0;

    // The high byte of Message Control.
    private byte Control => _owner.Config[_capability + 3];

    /// <summary>Interrupts by a vector, or remembers to, while it is masked. Nothing happens without such a vector or while MSI-X is off.</summary>
    public void Raise(int vector)
    {
        if (!IsEnabled || (uint)vector >= (uint)Vectors)
        {
            return;
        }

        if (IsMasked(vector))
        {
            _pending[vector / 8] |= (byte)(1 << (vector % 8));
        }
        else
        {
            Send(vector);
        }
    }

    /// <summary>True while the vector's interrupt waits for its mask to go.</summary>
    public bool IsPending(int vector) => (_pending[vector / 8] & (1 << (vector % 8))) != 0;

    /// <summary>Sets where a vector stores and what, as platform firmware does; its mask stays.</summary>
    public void SetMessage(int vector, ulong address, uint data)
    {
        Span<byte> entry = _entries.AsSpan(vector * EntryLength, EntryLength);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, address);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[DataOffset..], data);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ReadOnlySpan<byte> bytes = offset >= PendingOffset ? _pending : _entries;
        int at = (int)(offset >= PendingOffset ? offset - PendingOffset : offset);
        ulong value = 0;
        for (int i = 0; i < size && at + i < bytes.Length; i++)
        {
            value |= (ulong)bytes[at + i] << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        // 6.8.2: software writes whole, aligned words; the pending bits are read-only.
        if (size < 4 || offset % 4 != 0 || offset + (ulong)size > (ulong)_entries.Length)
        {
            return;
        }

        for (int i = 0; i < size; i++)
        {
            _entries[(int)offset + i] = (byte)(value >> (8 * i));
        }

        SendPending((int)offset / EntryLength);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("entries", _entries);
        state.Bytes("pending", _pending);
    }

    internal void Reset()
    {
        _entries.AsSpan().Clear();
        _pending.AsSpan().Clear();
        for (int vector = 0; vector < Vectors; vector++)
        {
            _entries[(vector * EntryLength) + ControlOffset] = Masked;
        }
    }

    /// <summary>Message Control was written: what waited may go now.</summary>
    internal void ControlChanged()
    {
        for (int vector = 0; vector < Vectors; vector++)
        {
            SendPending(vector);
        }
    }

    private bool IsMasked(int vector) =>
        (Control & FunctionMask) != 0 || (_entries[(vector * EntryLength) + ControlOffset] & Masked) != 0;

    private void SendPending(int vector)
    {
        if (IsEnabled && IsPending(vector) && !IsMasked(vector))
        {
            _pending[vector / 8] &= (byte)~(1 << (vector % 8));
            Send(vector);
        }
    }

    private void Send(int vector)
    {
        ReadOnlySpan<byte> entry = _entries.AsSpan(vector * EntryLength, EntryLength);
        _ = _owner.Dma.TryWrite(BinaryPrimitives.ReadUInt64LittleEndian(entry), entry.Slice(DataOffset, 4));
    }
}

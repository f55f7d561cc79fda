using System.Buffers.Binary;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// A disk that an NBD server has (qemu-nbd, nbdkit, nbd-server): reads, writes, flush and write zeroes, one request at a time on the machine's thread.
/// Source: the NBD project's proto.md.
/// </summary>
/// <remarks>
/// A server that answers with an error gives the guest an I/O error. One that hangs up, is silent for 30 s or gets out of step is done with: every
/// later request fails. Not modelled: connecting again, structured replies, TLS, several connections.
/// </remarks>
public sealed class NbdDisk : IBlockBackend
{
    private const uint RequestMagic = 0x2560_9513;
    private const uint ReplyMagic = 0x6744_6698;
    private const int RequestLength = 28;
    private const int MostAtOnce = 1 << 20;

    private const ushort HasFlags = 1;
    private const ushort ReadOnly = 2;
    private const ushort CanFlush = 4;
    private const ushort CanWriteZeroes = 64;

    private const ushort CommandRead = 0;
    private const ushort CommandWrite = 1;
    private const ushort CommandDisconnect = 2;
    private const ushort CommandFlush = 3;
    private const ushort CommandWriteZeroes = 6;

    private readonly NbdStream _stream;
    private readonly ushort _flags;
    private readonly int _mostAtOnce;
    private ulong _handle;
    private bool _isBroken;

    private NbdDisk(NbdStream stream, NbdNegotiation negotiated, bool isReadOnly)
    {
        _stream = stream;
        _flags = (negotiated.Flags & HasFlags) != 0 ? negotiated.Flags : (ushort)0;
        IsReadOnly = isReadOnly;
        Length = (long)negotiated.Size;
        _mostAtOnce = (int)Math.Min(MostAtOnce, negotiated.LargestPayload & ~(DiskImage.SectorSize - 1u));
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Connects to an export.</summary>
    /// <exception cref="BackendException">Nobody answers, there is no such export, or it is no disk for this access.</exception>
    public static NbdDisk Open(NbdAddress address, bool writable)
    {
        NbdStream? stream = null;
        try
        {
            stream = new NbdStream(address.EndPoint);
            NbdNegotiation negotiation = new(stream, address);
            negotiation.Run();
            bool isReadOnly = (negotiation.Flags & (HasFlags | ReadOnly)) == (HasFlags | ReadOnly);
            if (writable && isReadOnly)
            {
                throw new BackendException($"export '{address.Export}' of {address.EndPoint} is read-only; add readonly=on or snapshot=on");
            }

            if (negotiation.Size is 0 or > long.MaxValue || negotiation.Size % DiskImage.SectorSize != 0)
            {
                throw new BackendException($"export '{address.Export}' of {address.EndPoint} is {negotiation.Size} bytes long, not a multiple of 512; extend it");
            }

            if (negotiation.SmallestBlock > DiskImage.SectorSize || negotiation.LargestPayload < DiskImage.SectorSize)
            {
                throw new BackendException($"export '{address.Export}' of {address.EndPoint} takes only blocks of {negotiation.SmallestBlock} bytes; serve it with blocks of 512");
            }

            return new NbdDisk(stream, negotiation, !writable);
        }
        catch (SocketException e)
        {
            throw new BackendException($"no NBD server answers at {address.EndPoint} ({e.SocketErrorCode}); start it first", e);
        }
        catch (BackendException)
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination)
    {
        if (!InRange(offset, destination.Length))
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            Span<byte> part = destination[..Math.Min(destination.Length, _mostAtOnce)];
            if (!TryRequest(CommandRead, offset, part.Length, []) || !StillThere(_stream.TryReceive(part)))
            {
                return false;
            }

            destination = destination[part.Length..];
            offset += part.Length;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(long offset, ReadOnlySpan<byte> source)
    {
        if (IsReadOnly || !InRange(offset, source.Length))
        {
            return false;
        }

        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> part = source[..Math.Min(source.Length, _mostAtOnce)];
            if (!TryRequest(CommandWrite, offset, part.Length, part))
            {
                return false;
            }

            source = source[part.Length..];
            offset += part.Length;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryFlush() => !_isBroken && ((_flags & CanFlush) == 0 || TryRequest(CommandFlush, 0, 0, []));

    /// <inheritdoc/>
    public bool TryZero(long offset, long length, bool deallocate)
    {
        const long LongestZero = 1 << 30;
        if (IsReadOnly || !InRange(offset, length))
        {
            return false;
        }

        if ((_flags & CanWriteZeroes) == 0)
        {
            return WriteZeros(offset, length);
        }

        for (long end = offset + length; offset < end;)
        {
            long part = Math.Min(end - offset, LongestZero);
            if (!TryRequest(CommandWriteZeroes, offset, (int)part, []))
            {
                return false;
            }

            offset += part;
        }

        return !_isBroken;
    }

    private bool WriteZeros(long offset, long length)
    {
        byte[] zeros = new byte[(int)Math.Min(length, 1 << 20)];
        for (long end = offset + length; offset < end;)
        {
            int part = (int)Math.Min(end - offset, zeros.Length);
            if (!TryWrite(offset, zeros.AsSpan(0, part)))
            {
                return false;
            }

            offset += part;
        }

        return true;
    }

    /// <summary>Says goodbye and disconnects.</summary>
    public void Dispose()
    {
        if (!_isBroken)
        {
            _isBroken = true;
            Span<byte> request = stackalloc byte[RequestLength];
            Write(request, CommandDisconnect, 0, 0);
            _stream.TrySend(request);
        }

        _stream.Dispose();
    }

    private bool InRange(long offset, long length) => offset >= 0 && length >= 0 && offset <= Length && length <= Length - offset;

    private void Write(Span<byte> request, ushort command, long offset, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(request, RequestMagic);
        BinaryPrimitives.WriteUInt16BigEndian(request[4..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], command);
        BinaryPrimitives.WriteUInt64BigEndian(request[8..], ++_handle);
        BinaryPrimitives.WriteInt64BigEndian(request[16..], offset);
        BinaryPrimitives.WriteInt32BigEndian(request[24..], length);
    }

    /// <summary>Sends a request and takes the head of its reply. False when the server says no, or is gone.</summary>
    private bool TryRequest(ushort command, long offset, int length, ReadOnlySpan<byte> payload)
    {
        if (_isBroken)
        {
            return false;
        }

        Span<byte> request = stackalloc byte[RequestLength];
        Write(request, command, offset, length);
        Span<byte> reply = stackalloc byte[16];
        if (!StillThere(_stream.TrySend(request) && _stream.TrySend(payload) && _stream.TryReceive(reply)))
        {
            return false;
        }

        bool isInStep = BinaryPrimitives.ReadUInt32BigEndian(reply) == ReplyMagic && BinaryPrimitives.ReadUInt64BigEndian(reply[8..]) == _handle;
        return StillThere(isInStep) && BinaryPrimitives.ReadUInt32BigEndian(reply[4..]) == 0;
    }

    private bool StillThere(bool isThere)
    {
        if (!isThere && !_isBroken)
        {
            _isBroken = true;
            _stream.Dispose();
        }

        return isThere;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// The handshake with an NBD server: fixed newstyle, option GO, and EXPORT_NAME for servers that do not know it. Source: the NBD project's proto.md.
/// </summary>
/// <remarks>Not modelled: TLS, structured replies, meta contexts.</remarks>
internal sealed class NbdNegotiation(NbdStream stream, NbdAddress address)
{
    private const ulong Magic = 0x4e42_444d_4147_4943;
    private const ulong OptionMagic = 0x4948_4156_454f_5054;
    private const ulong ReplyMagic = 0x0003_e889_0455_65a9;
    private const uint OptionExportName = 1;
    private const uint OptionGo = 7;
    private const uint ReplyAcknowledge = 1;
    private const uint ReplyInformation = 3;
    private const uint ReplyUnsupported = 0x8000_0001;
    private const uint ReplyUnknown = 0x8000_0006;
    private const uint ReplyTlsRequired = 0x8000_0005;
    private const uint LongestReply = 65536;

    private bool _skipsZeroes;

    /// <summary>Bytes of the export.</summary>
    public ulong Size { get; private set; }

    /// <summary>Transmission flags.</summary>
    public ushort Flags { get; private set; }

    /// <summary>Shortest unit of a request, bytes.</summary>
    public uint SmallestBlock { get; private set; } = 1;

    /// <summary>Longest request, bytes.</summary>
    public uint LargestPayload { get; private set; } = 32 << 20;

    /// <exception cref="BackendException">The server speaks otherwise, or has no such export.</exception>
    public void Run()
    {
        const ushort FixedNewstyle = 1;
        const ushort NoZeroes = 2;
        Span<byte> hello = stackalloc byte[18];
        if (!stream.TryReceive(hello) || BinaryPrimitives.ReadUInt64BigEndian(hello) != Magic || BinaryPrimitives.ReadUInt64BigEndian(hello[8..]) != OptionMagic)
        {
            throw Refusal("does not speak NBD's newstyle; start it with qemu-nbd or nbdkit");
        }

        ushort offered = BinaryPrimitives.ReadUInt16BigEndian(hello[16..]);
        if ((offered & FixedNewstyle) == 0)
        {
            throw Refusal("does not speak NBD's fixed newstyle; start it with qemu-nbd or nbdkit");
        }

        _skipsZeroes = (offered & NoZeroes) != 0;
        Span<byte> flags = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(flags, (uint)(offered & (FixedNewstyle | NoZeroes)));
        Check(stream.TrySend(flags));
        if (!TryGo())
        {
            AskByName();
        }
    }

    private void SendOption(uint option, ReadOnlySpan<byte> data)
    {
        byte[] message = new byte[16 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(message, OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), option);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(12), data.Length);
        data.CopyTo(message.AsSpan(16));
        Check(stream.TrySend(message));
    }

    /// <summary>False when the server does not know the option.</summary>
    private bool TryGo()
    {
        const ushort InformationBlockSize = 3;
        const int MostReplies = 64;
        byte[] name = Encoding.UTF8.GetBytes(address.Export);
        byte[] data = new byte[4 + name.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(data, name.Length);
        name.CopyTo(data, 4);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4 + name.Length), 1);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(6 + name.Length), InformationBlockSize);
        SendOption(OptionGo, data);
        byte[] head = new byte[20];
        bool isKnown = false;
        for (int i = 0; i < MostReplies; i++)
        {
            Check(stream.TryReceive(head));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16));
            if (BinaryPrimitives.ReadUInt64BigEndian(head) != ReplyMagic || BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8)) != OptionGo || length > LongestReply)
            {
                throw Refusal("is out of step in NBD's handshake; use another server");
            }

            byte[] body = new byte[length];
            Check(stream.TryReceive(body));
            uint kind = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12));
            switch (kind)
            {
                case ReplyAcknowledge when isKnown:
                    return true;
                case ReplyInformation:
                    isKnown |= TakeInformation(body);
                    break;
                case ReplyUnsupported:
                    return false;
                case ReplyUnknown:
                    throw Refusal($"has no export '{address.Export}'; name one it has");
                case ReplyTlsRequired:
                    throw Refusal("wants encryption (TLS), which is not built; start it without");
                default:
                    throw Refusal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"refuses export '{address.Export}' (reply {kind:x}); look at its log"));
            }
        }

        throw Refusal("never ends NBD's handshake; use another server");
    }

    private bool TakeInformation(ReadOnlySpan<byte> body)
    {
        const ushort Export = 0;
        const ushort BlockSize = 3;
        if (body.Length < 2)
        {
            return false;
        }

        switch (BinaryPrimitives.ReadUInt16BigEndian(body))
        {
            case Export when body.Length >= 12:
                Size = BinaryPrimitives.ReadUInt64BigEndian(body[2..]);
                Flags = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
                return true;
            case BlockSize when body.Length >= 14:
                SmallestBlock = Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(body[2..]));
                LargestPayload = Math.Min(LargestPayload, BinaryPrimitives.ReadUInt32BigEndian(body[10..]));
                return false;
            default:
                return false;
        }
    }

    private void AskByName()
    {
        const int Zeroes = 124;
        SendOption(OptionExportName, Encoding.UTF8.GetBytes(address.Export));
        byte[] reply = new byte[10 + (_skipsZeroes ? 0 : Zeroes)];
        if (!stream.TryReceive(reply))
        {
            // The only way to say no to this option is to hang up.
            throw Refusal($"has no export '{address.Export}'; name one it has");
        }

        Size = BinaryPrimitives.ReadUInt64BigEndian(reply);
        Flags = BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(8));
    }

    private void Check(bool isThere)
    {
        if (!isThere)
        {
            throw Refusal("hung up in NBD's handshake; look at its log");
        }
    }

    private BackendException Refusal(string why) => new($"the server at {address.EndPoint} {why}");
}

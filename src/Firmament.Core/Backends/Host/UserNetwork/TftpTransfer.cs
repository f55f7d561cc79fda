using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>One file on its way to the guest.</summary>
internal sealed class TftpTransfer(ITreeFile file, long length, uint guest, ushort guestPort, ushort port, Func<long> clock, TftpServer.Sender send)
{
    private const int LargestBlock = UserLink.Mtu - Ipv4Packet.HeaderLength - 8 - 4;
    private const int LargestWindow = 16;
    private const int MostAttempts = 6;
    private const ushort Data = 3;
    private const ushort Acknowledgement = 4;
    private const ushort ErrorMessage = 5;
    private const ushort OptionsAcknowledged = 6;

    private int _blockLength = 512;
    private int _window = 1;
    private long _timeout = 1000;
    private byte[]? _options;

    // Blocks count from 1 here; on the wire modulo 65536.
    private long _acknowledged;
    private int _attempts;

    public uint Guest => guest;

    public ushort GuestPort => guestPort;

    public ushort Port => port;

    public bool IsEnded { get; private set; }

    public long Deadline { get; private set; }

    // A file whose length is a multiple of the block's ends with an empty block.
    private long Blocks => (length / _blockLength) + 1;

    /// <summary>Accepts options and sends the first answer.</summary>
    public void Start(Dictionary<string, long> asked)
    {
        const int SmallestBlock = 8;
        List<byte> accepted = [];
        if (asked.TryGetValue("blksize", out long block) && block >= SmallestBlock)
        {
            _blockLength = (int)Math.Min(block, LargestBlock);
            Accept(accepted, "blksize", _blockLength);
        }

        if (asked.TryGetValue("timeout", out long timeout) && timeout is >= 1 and <= 255)
        {
            _timeout = timeout * 1000;
            Accept(accepted, "timeout", timeout);
        }

        if (asked.TryGetValue("windowsize", out long window) && window is >= 1 and <= 65535)
        {
            _window = (int)Math.Min(window, LargestWindow);
            Accept(accepted, "windowsize", _window);
        }

        if (asked.ContainsKey("tsize"))
        {
            Accept(accepted, "tsize", length);
        }

        _options = accepted.Count == 0 ? null : [0, (byte)OptionsAcknowledged, .. accepted];
        SendAgain();
    }

    public void Receive(ReadOnlySpan<byte> message)
    {
        if (message.Length < 4)
        {
            return;
        }

        switch (BinaryPrimitives.ReadUInt16BigEndian(message))
        {
            case Acknowledgement:
                TakeAcknowledgement(BinaryPrimitives.ReadUInt16BigEndian(message[2..]));
                break;
            case ErrorMessage:
                End();
                break;
        }
    }

    public void Tick(long now)
    {
        if (IsEnded || now < Deadline)
        {
            return;
        }

        if (++_attempts == MostAttempts)
        {
            End();
        }
        else
        {
            SendAgain();
        }
    }

    public void End()
    {
        IsEnded = true;
        file.Dispose();
    }

    internal static byte[] Error(ushort code, string text)
    {
        byte[] message = [0, (byte)ErrorMessage, 0, (byte)code, .. Encoding.ASCII.GetBytes(text), 0];
        return message;
    }

    private static void Accept(List<byte> to, string option, long value)
    {
        to.AddRange(Encoding.ASCII.GetBytes(option));
        to.Add(0);
        to.AddRange(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        to.Add(0);
    }

    private void TakeAcknowledgement(ushort number)
    {
        if (_options != null)
        {
            if (number != 0)
            {
                return;
            }

            _options = null;
        }
        else
        {
            // Of the blocks under way, the one with this number; an older number is a repeat, and is not answered (RFC 1123, 4.2.3.1).
            int progress = (ushort)(number - (ushort)_acknowledged);
            if (progress == 0 || progress > Math.Min(_window, Blocks - _acknowledged))
            {
                return;
            }

            _acknowledged += progress;
        }

        _attempts = 0;
        if (_acknowledged == Blocks)
        {
            End();
        }
        else
        {
            SendAgain();
        }
    }

    private void SendAgain()
    {
        Deadline = clock() + _timeout;
        if (_options != null)
        {
            send(guest, guestPort, port, _options);
            return;
        }

        byte[] message = new byte[4 + _blockLength];
        for (long block = _acknowledged + 1; block <= Math.Min(_acknowledged + _window, Blocks); block++)
        {
            long at = (block - 1) * _blockLength;
            int count = (int)Math.Min(_blockLength, length - at);
            for (int done = 0; done < count;)
            {
                if (file.Read((ulong)(at + done), message.AsSpan(4 + done, count - done), out int part) != FileError.None || part == 0)
                {
                    send(guest, guestPort, port, Error(0, "the file cannot be read"));
                    End();
                    return;
                }

                done += part;
            }

            BinaryPrimitives.WriteUInt16BigEndian(message, Data);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)block);
            send(guest, guestPort, port, message.AsSpan(0, 4 + count));
        }
    }
}

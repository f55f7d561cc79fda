using System.Buffers.Binary;
using Firmament.Core.Time;

namespace Firmament.Firmware.Network;

/// <summary>Reads one file. Sources: RFC 1350, RFC 1123 4.2.3.1, RFC 2347 to 2349. Block numbers wrap, so files may be longer than 65,535 blocks.</summary>
/// <remarks>Not modelled: windows (RFC 7440), netascii, writing.</remarks>
internal sealed class TftpTransfer
{
    private const ushort RequestPort = 69;
    private const int PlainBlock = 512;
    private const int TimeoutSeconds = 1;

    private static readonly VirtualTime FirstTimeout = VirtualTime.FromSeconds(TimeoutSeconds);
    private static readonly VirtualTime LongestTimeout = VirtualTime.FromSeconds(8);

    // The Sorcerer's Apprentice: a block that came twice is acknowledged twice only when the first acknowledgement may be lost, or a server that
    // answers each of them would send the rest of the file twice.
    private static readonly VirtualTime RepeatInterval = VirtualTime.FromMilliseconds(200);

    private readonly InternetHost _host;
    private readonly uint _server;
    private readonly string _file;
    private readonly ITftpSink _sink;
    private readonly int _retries;

    private ushort _port;
    private ushort _serverPort;
    private int _askedBlock;
    private int _blockSize = PlainBlock;
    private bool _hasOptions;
    private ushort _block;
    private long _blocks;
    private long _length;
    private byte[] _last = [];
    private VirtualTime _lastSent;
    private TftpResult? _result;

    /// <summary>Makes a transfer.</summary>
    /// <param name="host">A host with an address.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="file">At most <see cref="TftpMessage.LongestName"/> characters of ISO 8859-1.</param>
    /// <param name="blockSize">Bytes of a block to ask for.</param>
    /// <param name="retries">How often to ask again before giving up.</param>
    /// <param name="sink">Takes the file.</param>
    public TftpTransfer(InternetHost host, uint server, string file, int blockSize, int retries, ITftpSink sink)
    {
        _host = host;
        _server = server;
        _file = file;
        _askedBlock = blockSize;
        _retries = retries;
        _sink = sink;
    }

    /// <summary>Reads the file.</summary>
    public TftpResult Run()
    {
        Ask();
        int repeats = 0;
        VirtualTime timeout = FirstTimeout;
        VirtualTime deadline = _host.Now + timeout;
        while (_result == null)
        {
            if (_host.TryReceive(_port, deadline, out UdpDatagram datagram))
            {
                if (Take(datagram))
                {
                    repeats = 0;
                    timeout = FirstTimeout;
                    deadline = _host.Now + timeout;
                }
            }
            else if (_host.IsStopped)
            {
                return new TftpResult(TftpStatus.Stopped, _length, "");
            }
            else if (_host.IsRefused)
            {
                return Failed("no TFTP server there");
            }
            else if (++repeats > _retries)
            {
                return new TftpResult(TftpStatus.NoAnswer, _length, "no answer");
            }
            else
            {
                if (repeats > 1)
                {
                    _host.Doubt(_server);
                }

                Send(_last);
                timeout = timeout < LongestTimeout ? timeout + timeout : timeout;
                deadline = _host.Now + timeout;
            }
        }

        return _result.Value;
    }

    private void Ask()
    {
        _port = _host.NextPort();
        _serverPort = 0;
        Send(TftpMessage.Request(_file, _askedBlock, TimeoutSeconds));
    }

    /// <summary>Takes a datagram. True when it brought the transfer on.</summary>
    private bool Take(in UdpDatagram datagram)
    {
        ReadOnlySpan<byte> message = datagram.Payload;
        if (datagram.Source != _server || message.Length < 2)
        {
            return false;
        }

        if (_serverPort != 0 && datagram.SourcePort != _serverPort)
        {
            // RFC 1350, 4: another transfer's, perhaps of our request that was sent twice. It is told so, and ours goes on.
            if (Operation(message) != TftpMessage.Error)
            {
                _host.TrySend(_server, datagram.SourcePort, _port, TftpMessage.Refuse(TftpError.UnknownTransfer, "unknown transfer"));
            }

            return false;
        }

        ushort serverPort = datagram.SourcePort;
        switch (Operation(message))
        {
            case TftpMessage.Data when message.Length >= TftpMessage.DataHeaderLength:
                return TakeData(serverPort, BinaryPrimitives.ReadUInt16BigEndian(message[2..]), message[TftpMessage.DataHeaderLength..]);
            case TftpMessage.OptionAcknowledgement:
                return TakeOptions(serverPort, message);
            case TftpMessage.Error when message.Length >= TftpMessage.DataHeaderLength:
                return TakeError((TftpError)BinaryPrimitives.ReadUInt16BigEndian(message[2..]), TftpMessage.ErrorText(message));
            default:
                return false;
        }
    }

    private bool TakeData(ushort serverPort, ushort block, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _blockSize)
        {
            return false;
        }

        ushort next = (ushort)(_block + 1);

        // Quirk: some servers go on from 65535 with 1 and not with 0.
        bool skipsZero = next == 0 && block == 1;
        if (block != next && !skipsZero)
        {
            if (block == _block && _blocks > 0)
            {
                Repeat();
            }

            return false;
        }

        if (_serverPort == 0)
        {
            _serverPort = serverPort;
            if (!Begin(-1))
            {
                return true;
            }
        }

        if (!_sink.TryTake(bytes))
        {
            Refuse(TftpError.DiskFull, "no room for the file");
            return true;
        }

        _block = block;
        _blocks++;
        _length += bytes.Length;
        Send(TftpMessage.Acknowledge(block));
        if (bytes.Length < _blockSize)
        {
            _result = new TftpResult(TftpStatus.Complete, _length, "");
        }

        return true;
    }

    private bool TakeOptions(ushort serverPort, ReadOnlySpan<byte> message)
    {
        if (_blocks > 0 || _askedBlock == 0 || (_serverPort != 0 && !_hasOptions))
        {
            return false;
        }

        if (_hasOptions)
        {
            Repeat();
            return false;
        }

        _serverPort = serverPort;
        int blockSize = _askedBlock;
        if (!TftpMessage.TryParseOptions(message, ref blockSize, out long length))
        {
            Refuse(TftpError.OptionRefused, "an option was not asked for");
            return true;
        }

        _hasOptions = true;
        _blockSize = blockSize;
        if (Begin(length))
        {
            Send(TftpMessage.Acknowledge(0));
        }

        return true;
    }

    private bool TakeError(TftpError error, string text)
    {
        // Old servers refuse what they do not know; without options there is nothing not to know.
        if (_askedBlock != 0 && _serverPort == 0 && error is TftpError.OptionRefused or TftpError.IllegalOperation)
        {
            _askedBlock = 0;
            Ask();
            return true;
        }

        _result = Failed(text.Length > 0 ? text : error == TftpError.FileNotFound ? "file not found" : $"error {(ushort)error}");
        return true;
    }

    private bool Begin(long length)
    {
        if (_sink.TryBegin(length))
        {
            return true;
        }

        _host.TrySend(_server, _serverPort, _port, TftpMessage.Refuse(TftpError.NotDefined, "not wanted now"));
        _result = new TftpResult(TftpStatus.Declined, length, "");
        return false;
    }

    private void Refuse(TftpError error, string text)
    {
        _host.TrySend(_server, _serverPort, _port, TftpMessage.Refuse(error, text));
        _result = Failed(text);
    }

    private TftpResult Failed(string text) => new(TftpStatus.Failed, _length, text);

    private void Repeat()
    {
        if (_host.Now - _lastSent >= RepeatInterval)
        {
            Send(_last);
        }
    }

    private void Send(byte[] message)
    {
        _last = message;
        _host.TrySend(_server, _serverPort != 0 ? _serverPort : RequestPort, _port, message);
        _lastSent = _host.Now;
    }

    private static ushort Operation(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);
}

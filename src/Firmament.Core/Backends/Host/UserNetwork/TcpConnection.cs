using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// One TCP connection of the guest's, ended here, and the host's connection behind it: bytes of the one go to the other, with no more than
/// <see cref="BufferLength"/> waiting each way. Sources: RFC 9293 (states and checks of 3.10.7), RFC 7323 (window scale), RFC 5681, RFC 5961.
/// </summary>
/// <remarks>Not modelled: selective acknowledgement, time stamps, urgent data (taken as plain data), keep-alive of our own.</remarks>
internal sealed partial class TcpConnection : IHostStreamOwner
{
    /// <summary>Bytes that may wait in each direction.</summary>
    public const int BufferLength = 128 << 10;

    private const int OurLargestSegment = UserLink.Mtu - Ipv4Packet.HeaderLength - TcpSegment.HeaderLength;
    private const int OurScale = 2;
    private const int MostAttempts = 10;
    private const int MostSynAttempts = 6;

    // One machine's wire, so a delayed duplicate does not live for RFC 9293's two minutes.
    private const long TimeWaitMilliseconds = 5_000;

    // RFC 5382 REQ-5: 2 h 4 min for established connections, 4 min for the others.
    private const long EstablishedIdleMilliseconds = 7_440_000;
    private const long TransitoryIdleMilliseconds = 240_000;

    private readonly TcpProxy _proxy;
    private readonly ByteQueue _toHost = new(BufferLength);
    private readonly ByteQueue _toGuest = new(BufferLength);
    private readonly TcpEarlySegments _early = new();
    private readonly TcpRetransmission _retransmission = new();
    private IHostStream? _stream;
    private uint _sendUnacknowledged;
    private uint _sendNext;
    private uint _sendMost;
    private uint _dataStart;
    private uint _peerWindow;
    private uint _windowSequence;
    private uint _windowAcknowledgement;
    private uint _receiveNext;
    private uint _advertised;
    private int _segment = 536;
    private int _peerScale = -1;
    private int _attempts;
    private int _repeated;
    private uint _measured;
    private long _measuredAt = -1;
    private long _timer = long.MaxValue;
    private long _lastUse;
    private bool _hostEnded;
    private bool _endWaits;
    private bool _acknowledge;

    /// <summary>A connection the guest asks for; <see cref="Begin"/> gives it the host's.</summary>
    public TcpConnection(TcpProxy proxy, TcpKey key, in TcpSegment syn)
    {
        _proxy = proxy;
        Key = key;
        State = TcpState.Connecting;
        TakeSyn(syn);
        _lastUse = proxy.Now;
        SetSendStart(proxy.NewSequence());
    }

    /// <summary>A connection that came in from the host; the guest is asked now.</summary>
    public TcpConnection(TcpProxy proxy, TcpKey key, IHostStream accepted)
    {
        _proxy = proxy;
        Key = key;
        State = TcpState.SynSent;
        _stream = accepted;
        accepted.Owner = this;
        _lastUse = proxy.Now;
        SetSendStart(proxy.NewSequence());
        SendSyn();
        StartTimer();
    }

    public TcpKey Key { get; }

    public TcpState State { get; private set; }

    /// <summary>When <see cref="Tick"/> is due.</summary>
    public long Deadline => Math.Min(_timer, _lastUse + (State == TcpState.Established ? EstablishedIdleMilliseconds : TransitoryIdleMilliseconds));

    /// <summary>When the guest last sent something or took something.</summary>
    public long LastUse => _lastUse;

    private bool IsSynchronized => State is not (TcpState.Connecting or TcpState.SynSent or TcpState.SynReceived or TcpState.Closed);

    private bool MaySend => State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;

    /// <summary>Gives it the host's connection being made.</summary>
    public void Begin(IHostStream stream) => _stream = stream;

    /// <inheritdoc/>
    public void Connected()
    {
        if (State == TcpState.Connecting)
        {
            State = TcpState.SynReceived;
            SendSyn();
            StartTimer();
        }
    }

    /// <inheritdoc/>
    public void Failed()
    {
        if (State == TcpState.Connecting)
        {
            // Not modelled: ICMP about a host out of reach. A reset fails the attempt at once.
            Send(TcpFlags.Reset | TcpFlags.Ack, 0, 0);
            Close();
        }
    }

    /// <inheritdoc/>
    public void Readable()
    {
        if (State is TcpState.Connecting or TcpState.Closed || _stream == null)
        {
            return;
        }

        Span<byte> part = stackalloc byte[8192];
        while (!_hostEnded && _toGuest.Room != 0)
        {
            int count = _stream.Receive(part[..Math.Min(part.Length, _toGuest.Room)]);
            if (count > 0)
            {
                _toGuest.Add(part[..count]);
                continue;
            }

            if (count == IHostStream.Broken)
            {
                Reset();
                return;
            }

            _hostEnded = count == IHostStream.Ended;
            break;
        }

        UpdateInterest();
        Output();
    }

    /// <inheritdoc/>
    public void Writable() => FlushToHost();

    /// <summary>Does what the clock made due.</summary>
    public void Tick(long now)
    {
        if (State == TcpState.Closed || Deadline > now)
        {
            return;
        }

        if (State == TcpState.TimeWait && _toHost.Count != 0 && _timer <= now && now < _lastUse + TransitoryIdleMilliseconds)
        {
            // The host has not taken all yet.
            _timer = now + TimeWaitMilliseconds;
        }
        else if (State == TcpState.TimeWait)
        {
            Close();
        }
        else if (_timer > now)
        {
            Reset();
        }
        else
        {
            TimedOut();
        }
    }

    /// <summary>Sends an acknowledgement that is due.</summary>
    public void Flush()
    {
        if (_acknowledge && State != TcpState.Closed)
        {
            SendAcknowledgement();
        }
    }

    /// <summary>Ends both sides at once, with a reset to each.</summary>
    public void Reset()
    {
        if (State is not (TcpState.Closed or TcpState.TimeWait))
        {
            Send(TcpFlags.Reset | TcpFlags.Ack, _sendNext, 0);
            _stream?.Abort();
        }

        Close();
    }

    private void Close()
    {
        State = TcpState.Closed;
        _stream?.Dispose();
        _stream = null;
        _toGuest.Clear();
        _toHost.Clear();
        _early.Clear();
        _timer = long.MaxValue;
        _proxy.Remove(this);
    }

    private void SetSendStart(uint sequence)
    {
        _sendUnacknowledged = _sendNext = _sendMost = sequence;
        _dataStart = sequence + 1;
    }

    private void TakeSyn(in TcpSegment syn)
    {
        syn.ReadOptions(out int segment, out _peerScale);
        const int SmallestSegment = 64;
        _segment = Math.Clamp(segment, SmallestSegment, OurLargestSegment);
        _retransmission.Start(_segment);
        _receiveNext = syn.Sequence + 1;
        _peerWindow = syn.Window;
        _windowSequence = syn.Sequence;
    }

    private void TimedOut()
    {
        if (_proxy.Link.IsStalled && IsSynchronized)
        {
            // The machine has not taken our frames yet, so none of them can be lost.
            StartTimer();
            return;
        }

        if (++_attempts > (IsSynchronized ? MostAttempts : MostSynAttempts))
        {
            Reset();
            return;
        }

        _measuredAt = -1;
        if (!IsSynchronized)
        {
            _retransmission.TimedOut(_segment, _segment);
            _sendNext = _sendUnacknowledged;
            SendSyn();
        }
        else if (_peerWindow == 0 && _toGuest.Count != 0)
        {
            // RFC 9293, 3.8.6.1: one byte beyond the window asks whether it is still shut. A shut window may stay for as long as it is answered.
            _retransmission.TimedOut(_segment, _segment);
            _sendNext = _sendUnacknowledged;
            SendData(0, Math.Min(1, _toGuest.Count));
        }
        else
        {
            _retransmission.TimedOut((int)(_sendMost - _sendUnacknowledged), _segment);
            _sendNext = _sendUnacknowledged;
            _repeated = 0;
            Output();
        }

        StartTimer();
    }

    private void StartTimer() => _timer = _proxy.Now + _retransmission.Timeout;

    private void UpdateInterest()
    {
        if (_stream != null)
        {
            _stream.WantsInput = !_hostEnded && _toGuest.Room != 0 && (IsSynchronized || State is TcpState.SynReceived);
            _stream.WantsOutput = _toHost.Count != 0;
        }
    }
}

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>What a segment of the guest's does (RFC 9293, 3.10.7).</summary>
internal sealed partial class TcpConnection
{
    private bool MayReceive => State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2;

    /// <summary>Takes a segment.</summary>
    public void Receive(in TcpSegment segment)
    {
        _lastUse = _proxy.Now;
        switch (State)
        {
            case TcpState.Connecting:
                if (segment.Has(TcpFlags.Reset))
                {
                    Abandon();
                }

                break;
            case TcpState.SynSent:
                ReceiveInSynSent(segment);
                break;
            case TcpState.Closed:
                break;
            default:
                ReceiveSynchronized(segment);
                break;
        }
    }

    private void Abandon()
    {
        _stream?.Abort();
        Close();
    }

    private void ReceiveInSynSent(in TcpSegment segment)
    {
        bool acknowledges = segment.Has(TcpFlags.Ack);
        if (acknowledges && segment.Acknowledgement != _sendMost)
        {
            if (!segment.Has(TcpFlags.Reset))
            {
                Send(TcpFlags.Reset, segment.Acknowledgement, 0);
            }

            return;
        }

        if (segment.Has(TcpFlags.Reset))
        {
            if (acknowledges)
            {
                Abandon();
            }

            return;
        }

        if (!segment.Has(TcpFlags.Syn))
        {
            return;
        }

        TakeSyn(segment);
        if (acknowledges)
        {
            _sendUnacknowledged = segment.Acknowledgement;
            Establish(segment);
        }
        else
        {
            // Both ends asked at once.
            State = TcpState.SynReceived;
            _sendNext = _sendUnacknowledged;
            SendSyn();
        }
    }

    private void Establish(in TcpSegment segment)
    {
        State = TcpState.Established;
        _sendUnacknowledged = _sendNext = _sendMost = _dataStart;
        _attempts = 0;
        _timer = long.MaxValue;
        _advertised = _receiveNext + (uint)Math.Min(_toHost.Room, ushort.MaxValue);
        UpdateWindow(segment);
        _acknowledge = !segment.Payload.IsEmpty || segment.Has(TcpFlags.Syn) || segment.Has(TcpFlags.Fin);
        _proxy.NeedsFlush(this);
        Readable();
    }

    private void ReceiveSynchronized(in TcpSegment segment)
    {
        if (!IsAcceptable(segment))
        {
            if (!segment.Has(TcpFlags.Reset))
            {
                SendAcknowledgement();
            }

            return;
        }

        if (segment.Has(TcpFlags.Reset))
        {
            // RFC 5961, 3.2: only the exact number resets; any other in the window is asked about.
            if (segment.Sequence == _receiveNext)
            {
                Abandon();
            }
            else
            {
                SendAcknowledgement();
            }

            return;
        }

        if (segment.Has(TcpFlags.Syn))
        {
            // RFC 5961, 4.2; a guest that started anew answers with a reset.
            SendAcknowledgement();
            return;
        }

        if (!segment.Has(TcpFlags.Ack) || !TakeAcknowledgement(segment) || State == TcpState.Closed)
        {
            return;
        }

        TakeData(segment);
        if (State != TcpState.Closed)
        {
            Output();
        }
    }

    private bool IsAcceptable(in TcpSegment segment)
    {
        uint window = (uint)_toHost.Room;
        uint length = segment.Length;
        int first = (int)(segment.Sequence - _receiveNext);
        int last = (int)(segment.Sequence + length - 1 - _receiveNext);
        if (length == 0)
        {
            return window == 0 ? first == 0 : first >= 0 && first < window;
        }

        // A shut window still lets the acknowledgement of a segment at its edge through (RFC 9293, 3.10.7.4), its bytes excepted.
        return window == 0 ? first == 0 : (first >= 0 && first < window) || (last >= 0 && last < window) || (first < 0 && last >= window);
    }

    private bool TakeAcknowledgement(in TcpSegment segment)
    {
        uint acknowledged = segment.Acknowledgement;
        if (State == TcpState.SynReceived)
        {
            if (acknowledged != _sendMost)
            {
                Send(TcpFlags.Reset, acknowledged, 0);
                return false;
            }

            Establish(segment);
            return true;
        }

        int progress = (int)(acknowledged - _sendUnacknowledged);
        if ((int)(acknowledged - _sendMost) > 0)
        {
            SendAcknowledgement();
            return false;
        }

        uint windowBefore = _peerWindow;
        if (progress >= 0)
        {
            UpdateWindow(segment);
        }

        if (progress > 0)
        {
            Advance(acknowledged, progress);
        }
        else if (progress == 0 && segment.Payload.IsEmpty && !segment.Has(TcpFlags.Fin) && _sendMost != _sendUnacknowledged
            && _peerWindow == windowBefore && _peerWindow != 0)
        {
            RepeatedAcknowledgement();
        }

        if (windowBefore == 0 && _peerWindow != 0 && progress == 0)
        {
            // The byte sent as a probe was not taken, or its acknowledgement says so later.
            _sendNext = _sendUnacknowledged;
            _timer = long.MaxValue;
        }

        if (_peerWindow == 0)
        {
            // The answer to a probe: the guest is alive.
            _attempts = 0;
        }

        return true;
    }

    private void UpdateWindow(in TcpSegment segment)
    {
        int newer = (int)(segment.Sequence - _windowSequence);
        if (newer > 0 || (newer == 0 && (int)(segment.Acknowledgement - _windowAcknowledgement) >= 0) || segment.Has(TcpFlags.Syn))
        {
            _peerWindow = segment.Has(TcpFlags.Syn) || _peerScale < 0 ? segment.Window : (uint)segment.Window << _peerScale;
            _windowSequence = segment.Sequence;
            _windowAcknowledgement = segment.Acknowledgement;
        }
    }

    private void Advance(uint acknowledged, int progress)
    {
        bool finIsSent = FinIsSent;
        int data = Math.Min((int)(acknowledged - _dataStart), _toGuest.Count);
        _toGuest.Remove(data);
        _dataStart += (uint)data;
        _sendUnacknowledged = acknowledged;
        if ((int)(_sendNext - acknowledged) < 0)
        {
            _sendNext = acknowledged;
        }

        if (_measuredAt >= 0 && (int)(acknowledged - _measured) >= 0)
        {
            _retransmission.Measured(_proxy.Now - _measuredAt);
            _measuredAt = -1;
        }

        _retransmission.Acknowledged(progress, _segment);
        _attempts = 0;
        _repeated = 0;
        if (_sendMost == acknowledged)
        {
            _timer = long.MaxValue;
        }
        else
        {
            StartTimer();
        }

        if (finIsSent && acknowledged == _sendMost)
        {
            FinAcknowledged();
        }

        if (State != TcpState.Closed && _toGuest.Room != 0 && !_hostEnded)
        {
            UpdateInterest();
        }
    }

    private void RepeatedAcknowledgement()
    {
        const int Enough = 3;
        if (++_repeated == Enough)
        {
            // RFC 5681, 3.2: the first segment not acknowledged is sent again at once.
            _retransmission.LostOne((int)(_sendMost - _sendUnacknowledged), _segment);
            _measuredAt = -1;
            int length = Math.Min(_segment, _toGuest.Count);
            SendData(0, length);
            StartTimer();
        }
    }

    private void FinAcknowledged()
    {
        switch (State)
        {
            case TcpState.FinWait1:
                State = TcpState.FinWait2;
                break;
            case TcpState.Closing:
            case TcpState.LastAck when _toHost.Count != 0:
                EnterTimeWait();
                break;
            case TcpState.LastAck:
                Close();
                break;
        }
    }

    private void TakeData(in TcpSegment segment)
    {
        if (!MayReceive)
        {
            if (segment.Length != 0)
            {
                // A FIN or data sent again: the acknowledgement was lost.
                SoonAcknowledge();
                _timer = State == TcpState.TimeWait ? _proxy.Now + TimeWaitMilliseconds : _timer;
            }

            return;
        }

        if (segment.Length == 0)
        {
            return;
        }

        uint sequence = segment.Sequence;
        ReadOnlySpan<byte> bytes = segment.Payload;
        bool fin = segment.Has(TcpFlags.Fin);
        if ((int)(sequence - _receiveNext) > 0)
        {
            _early.Add(sequence, bytes, fin);
            SendAcknowledgement();
            return;
        }

        Accept(sequence, bytes, fin);
        while (MayReceive && _early.TryTake(_receiveNext, out sequence, out byte[] early, out fin))
        {
            Accept(sequence, early, fin);
        }

        SoonAcknowledge();
        FlushToHost();
    }

    /// <summary>Takes bytes whose turn has come, without those that came before and those that find no room.</summary>
    private void Accept(uint sequence, ReadOnlySpan<byte> bytes, bool fin)
    {
        int known = (int)(_receiveNext - sequence);
        if (known > bytes.Length)
        {
            return;
        }

        bytes = bytes[known..];
        int taken = _toHost.Add(bytes);
        _receiveNext += (uint)taken;
        if (!fin || taken != bytes.Length)
        {
            return;
        }

        _receiveNext++;
        _endWaits = true;
        switch (State)
        {
            case TcpState.Established:
                State = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                State = TcpState.Closing;
                break;
            case TcpState.FinWait2:
                EnterTimeWait();
                break;
        }
    }

    private void EnterTimeWait()
    {
        State = TcpState.TimeWait;
        _timer = _proxy.Now + TimeWaitMilliseconds;
    }

    private void SoonAcknowledge()
    {
        _acknowledge = true;
        _proxy.NeedsFlush(this);
    }
}

using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>What goes to the guest, and what goes on to the host.</summary>
internal sealed partial class TcpConnection
{
    private bool FinIsSent => State is TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing or TcpState.LastAck or TcpState.TimeWait;

    private int DataSent => (int)(_sendNext - _dataStart);

    /// <summary>Sends as much as the guest, the wire and the congestion window allow.</summary>
    public void Output()
    {
        while (MaySend && _proxy.Link.HasRoom)
        {
            int underWay = (int)(_sendNext - _sendUnacknowledged);
            int available = _toGuest.Count - DataSent;
            long room = Math.Min(_peerWindow, (uint)_retransmission.Window) - underWay;
            int length = (int)Math.Clamp(Math.Min(available, room), 0, _segment);
            bool ends = _hostEnded && available >= 0 && length == available;

            // RFC 9293, 3.8.6.2.1: no small segment while others are under way and more waits.
            if ((length <= 0 || (length < _segment && length < available && underWay != 0)) && !(ends && length == available))
            {
                break;
            }

            if (_measuredAt < 0 && _sendNext == _sendMost)
            {
                _measured = _sendNext + (uint)length;
                _measuredAt = _proxy.Now;
            }

            SendData(DataSent, length);
            if (_timer == long.MaxValue)
            {
                StartTimer();
            }
        }

        if (MaySend && _toGuest.Count > DataSent && _peerWindow == 0 && _timer == long.MaxValue)
        {
            StartTimer();
        }
    }

    /// <summary>Sends bytes from a place in the queue, and the end after the last of them.</summary>
    private void SendData(int offset, int length)
    {
        bool ends = _hostEnded && offset + length == _toGuest.Count;
        TcpFlags flags = TcpFlags.Ack | (offset + length == _toGuest.Count && length != 0 ? TcpFlags.Push : 0) | (ends ? TcpFlags.Fin : 0);
        uint sequence = _dataStart + (uint)offset;
        Send(flags, sequence, length, offset);
        uint next = sequence + (uint)length + (ends ? 1u : 0);
        if ((int)(next - _sendNext) > 0)
        {
            _sendNext = next;
        }

        if ((int)(next - _sendMost) > 0)
        {
            _sendMost = next;
        }

        if (ends)
        {
            State = State switch
            {
                TcpState.Established => TcpState.FinWait1,
                TcpState.CloseWait => TcpState.LastAck,
                _ => State,
            };
        }
    }

    private void SendSyn()
    {
        bool answers = State == TcpState.SynReceived;
        bool scales = !answers || _peerScale >= 0;
        ReadOnlySpan<byte> options = [2, 4, OurLargestSegment >> 8, OurLargestSegment & 0xff, 1, 3, 3, OurScale];
        byte[] segment = TcpSegment.Build(
            Key.RemotePort, Key.GuestPort, _sendNext, answers ? _receiveNext : 0, TcpFlags.Syn | (answers ? TcpFlags.Ack : 0),
            (ushort)Math.Min(_toHost.Room, ushort.MaxValue), scales ? options : options[..4], 0);
        _sendNext = _sendMost = _dataStart;
        Emit(segment);
    }

    private void SendAcknowledgement() => Send(TcpFlags.Ack, _sendMost, 0);

    private void Send(TcpFlags flags, uint sequence, int length, int offset = 0)
    {
        bool acknowledges = (flags & TcpFlags.Ack) != 0;
        byte[] segment = TcpSegment.Build(
            Key.RemotePort, Key.GuestPort, sequence, acknowledges ? _receiveNext : 0, flags, Window(), [], length);
        if (length != 0)
        {
            _toGuest.CopyTo(offset, segment.AsSpan(segment.Length - length));
        }

        _acknowledge = _acknowledge && !acknowledges;
        Emit(segment);
    }

    private void Emit(byte[] segment)
    {
        TcpSegment.Seal(segment, Key.Remote, Key.Guest);
        _proxy.Link.Send(Key.Remote, Key.Guest, Ipv4Packet.Tcp, segment);
    }

    private ushort Window()
    {
        int room = _toHost.Room;

        // RFC 9293, 3.8.6.2.2: an opening too small to be worth a segment is not told of.
        if (room < _segment && room < BufferLength / 2 && (int)(_receiveNext + (uint)room - _advertised) <= _segment)
        {
            room = Math.Max(0, (int)(_advertised - _receiveNext));
        }

        int scale = _peerScale < 0 ? 0 : OurScale;
        int told = Math.Min(room >> scale, ushort.MaxValue);
        _advertised = _receiveNext + ((uint)told << scale);
        return (ushort)told;
    }

    private void FlushToHost()
    {
        if (State is TcpState.Closed or TcpState.Connecting || _stream == null)
        {
            return;
        }

        while (_toHost.Count != 0)
        {
            int sent = _stream.Send(_toHost.Front);
            if (sent == IHostStream.Broken)
            {
                Reset();
                return;
            }

            if (sent == 0)
            {
                break;
            }

            _toHost.Remove(sent);
            _lastUse = _proxy.Now;
        }

        if (_endWaits && _toHost.Count == 0)
        {
            _endWaits = false;
            _stream.EndOutput();
        }

        UpdateInterest();

        // The window was nearly shut and is open again: the guest waits for the news.
        int told = (int)(_advertised - _receiveNext);
        if (told < 2 * _segment && _toHost.Room >= Math.Max(BufferLength / 4, 2 * _segment) && IsSynchronized)
        {
            _acknowledge = true;
            _proxy.NeedsFlush(this);
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using Firmament.Core.Replay;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>
/// A network of the guest's own behind the host's sockets, as QEMU's <c>-netdev user</c>: needs no rights and no set-up. The guest is 10.0.2.15,
/// reaches the host's 127.0.0.1 at 10.0.2.2, and the outside as a program of the host's would.
/// </summary>
/// <remarks>
/// Sockets and protocols live on one thread of the backend's; frames enter the machine through the <see cref="InputChannel"/> alone. See
/// <see cref="UserStack"/> for what is modelled; IPv6 is not. A frame the guest sends while 1024 wait for the thread is lost, as on a wire.
/// </remarks>
public sealed class UserNetworkBackend : INetworkBackend
{
    private const int MostQueuedFrames = 1024;
    private const int LongestFrame = 9216;
    private const int MostFramesAtOnce = 256;

    private readonly ConcurrentQueue<byte[]> _fromGuest = new();
    private readonly HostSockets _sockets = new();
    private readonly UserStack _stack;
    private readonly HostFileTree? _files;
    private readonly Thread _thread;
    private readonly Func<long> _clock;
    private InputChannel? _toGuest;
    private readonly ManualResetEventSlim _settled = new(true);
    private readonly Lock _settling = new();
    private int _unanswered;
    private int _queued;
    private int _inFlight;
    private int _mustResume;
    private volatile bool _isDisposed;

    /// <summary>Opens the network and its forwarded ports.</summary>
    /// <exception cref="BackendException">Options contradict, a port is taken, or the TFTP folder cannot be read.</exception>
    public UserNetworkBackend(UserNetworkOptions options)
    {
        options.Check();
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        _clock = () => (long)time.GetElapsedTime(start).TotalMilliseconds;
        try
        {
            _files = options.TftpFolder == null ? null : HostFileTree.Open(options.TftpFolder, isReadOnly: true);
            _stack = new UserStack(options, _sockets, Post, () => Volatile.Read(ref _inFlight), _clock, _files);
        }
        catch
        {
            _sockets.Dispose();
            _files?.Dispose();
            throw;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "user network" };
        Forwards = [.. _stack.BoundForwards];
    }

    /// <summary>Where the forwards listen, in the order of the options.</summary>
    public IReadOnlyList<IPEndPoint> Forwards { get; }

    /// <inheritdoc/>
    public void Attach(InputChannel toGuest)
    {
        _toGuest = toGuest;
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        if (frame.Length <= LongestFrame && Volatile.Read(ref _queued) < MostQueuedFrames)
        {
            lock (_settling)
            {
                _unanswered++;
                _settled.Reset();
            }

            Interlocked.Increment(ref _queued);
            _fromGuest.Enqueue(frame.ToArray());
            _sockets.Wake();
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(ReadOnlySpan<byte> frame)
    {
        const int ResumeAt = 64;
        int left = Interlocked.Decrement(ref _inFlight);
        if (left is ResumeAt or 0)
        {
            Volatile.Write(ref _mustResume, 1);
            _sockets.Wake();
        }
    }

    /// <inheritdoc/>
    public void Settle()
    {
        const int MostMilliseconds = 1000;
        if (!_isDisposed)
        {
            _settled.Wait(MostMilliseconds);
        }
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _sockets.Wake();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            Close();
        }
        else
        {
            _thread.Join();
        }

        _settled.Dispose();
    }

    private void Run()
    {
        while (!_isDisposed)
        {
            long next = _stack.NextDeadline;
            _sockets.Wait(!_fromGuest.IsEmpty ? 0 : next == long.MaxValue ? long.MaxValue : next - _clock());
            int taken = 0;
            for (; taken < MostFramesAtOnce && _fromGuest.TryDequeue(out byte[]? frame); taken++)
            {
                Interlocked.Decrement(ref _queued);
                _stack.Receive(frame);
            }

            if (Interlocked.Exchange(ref _mustResume, 0) != 0)
            {
                _stack.Resume();
            }

            _stack.Tick();
            _stack.Flush();
            Answered(taken);
        }

        Close();
    }

    private void Answered(int frames)
    {
        lock (_settling)
        {
            _unanswered -= frames;
            if (_unanswered == 0)
            {
                _settled.Set();
            }
        }
    }

    private void Close()
    {
        _sockets.Dispose();
        _files?.Dispose();
    }

    private void Post(byte[] frame)
    {
        if (_toGuest is { } channel)
        {
            Interlocked.Increment(ref _inFlight);
            channel.Post(frame);
        }
    }
}

using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Storage;

/// <summary>
/// The virtio 9P transport: a folder of the host's that the guest mounts with <c>mount -t 9p -o trans=virtio,version=9p2000.L TAG DIR</c>.
/// Source: virtio 1.2, 5.15 (device ID 9, one request queue, the mount tag in configuration space); messages: <see cref="Virtio9pServer"/>.
/// </summary>
/// <remarks>
/// Requests are served when the driver notifies, on the machine's thread, so what the guest sees depends on the host's folder and on nothing else.
/// </remarks>
public sealed class Virtio9p : VirtioDevice, IDisposable
{
    /// <summary>Longest mount tag, bytes.</summary>
    public const int LongestTag = 31;

    private const int QueueSize = 128;
    private const int SmallestAnswer = 11;

    private readonly Virtio9pServer _server;
    private readonly byte[] _tag;
    private readonly byte[] _request = new byte[Virtio9pServer.LargestMessage];
    private readonly byte[] _answer = new byte[Virtio9pServer.LargestMessage];

    /// <summary>Makes the device.</summary>
    /// <param name="name">Unique on its bus.</param>
    /// <param name="tree">The folder; the device's to dispose.</param>
    /// <param name="tag">What the guest mounts; 1 to 31 bytes.</param>
    public Virtio9p(string name, IFileTree tree, string tag) : base(9, 0x00ff00, QueueSize)
    {
        Name = name;
        _tag = Encoding.UTF8.GetBytes(tag);
        if (_tag.Length is 0 or > LongestTag)
        {
            throw new ArgumentException($"mount tag '{tag}' is not 1 to {LongestTag} bytes long", nameof(tag));
        }

        _server = new Virtio9pServer(tree);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => 1;

    /// <inheritdoc/>
    public override int ConfigurationLength => 2 + _tag.Length;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        Put16(configuration, 0, (ushort)_tag.Length, order);
        _tag.CopyTo(configuration[2..]);
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        while (Next(0) is { } chain)
        {
            if (chain.ReadableLength > Virtio9pServer.LargestMessage || chain.WritableLength < SmallestAnswer)
            {
                Transport.Break($"9P request of {chain.ReadableLength} bytes with room for {chain.WritableLength}");
                return;
            }

            Span<byte> request = _request.AsSpan(0, (int)chain.ReadableLength);
            if (!chain.TryRead(Transport.Dma, 0, request))
            {
                Transport.Break("9P request outside memory");
                return;
            }

            int length = _server.Serve(request, _answer.AsSpan(0, (int)Math.Min((ulong)_answer.Length, chain.WritableLength)));
            if (!chain.TryWrite(Transport.Dma, 0, _answer.AsSpan(0, length)))
            {
                Transport.Break("9P answer outside memory");
                return;
            }

            Return(0, chain, (uint)length);
        }

        Signal(0);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _server.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("server", _server);
    }

    /// <summary>Closes every file and the folder.</summary>
    public void Dispose() => _server.Dispose();
}

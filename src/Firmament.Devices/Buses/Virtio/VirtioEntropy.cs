using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses.Virtio;

/// <summary>
/// The virtio entropy device. Its bytes follow from a seed alone, so that a run can be repeated; a machine that wants true entropy takes
/// its seed from the host. Source: virtio 1.1, 5.4.
/// </summary>
public sealed class VirtioEntropy : VirtioDevice
{
    private const int MostAtOnce = 65536;

    private readonly ChaCha20Stream _stream;
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Makes the device.</summary>
    /// <param name="name">Unique on its bus.</param>
    /// <param name="seed">Up to 32 bytes.</param>
    public VirtioEntropy(string name, ReadOnlySpan<byte> seed) : base(4, 0x00ff00, 64)
    {
        Name = name;
        _stream = new ChaCha20Stream(seed);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => 0;

    /// <inheritdoc/>
    public override int ConfigurationLength => 0;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        while (Next(0) is { } chain)
        {
            // 5.4.6.1: the device may fill a buffer in part, so a huge one costs no more than a large one.
            ulong wanted = Math.Min(chain.WritableLength, MostAtOnce);
            uint written = 0;
            while (written < wanted)
            {
                Span<byte> part = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, wanted - written));
                _stream.Fill(part);
                if (!chain.TryWrite(Transport.Dma, written, part))
                {
                    Transport.Break("buffer outside memory");
                    return;
                }

                written += (uint)part.Length;
            }

            Return(0, chain, written);
        }

        Signal(0);
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("stream", _stream);
    }
}

using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// A CD-ROM drive with one data track, as a SCSI logical unit or behind ATAPI. Commands are in ScsiCdrom.Commands.cs. Source: MMC-3.
/// </summary>
public sealed partial class ScsiCdrom : ScsiUnit
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 2048;

    private readonly bool _isAtapi;
    private IBlockBackend? _medium;
    private long _block;
    private bool _trayOpen;
    private bool _isLocked;
    private byte _mediumEvent;

    /// <summary>Makes a drive.</summary>
    /// <param name="medium">The disc's image, or null for none. Stays the caller's to dispose.</param>
    /// <param name="model">Product; 16 ASCII characters count.</param>
    /// <param name="serial">Serial number; 20 ASCII characters count.</param>
    /// <param name="isAtapi">Behind ATAPI: INQUIRY says so, and has no vital product data.</param>
    public ScsiCdrom(IBlockBackend? medium, string model = "Firmament CD-ROM", string serial = "FM00002", bool isAtapi = false)
        : base(model, serial)
    {
        _medium = medium;
        _isAtapi = isAtapi;
        Reset();
    }

    /// <summary>The disc, or null.</summary>
    public IBlockBackend? Medium => _medium;

    /// <summary>True while the guest keeps the tray shut.</summary>
    public bool IsLocked => _isLocked;

    /// <inheritdoc/>
    protected override byte PeripheralType => 0x05;

    /// <inheritdoc/>
    protected override bool IsRemovable => true;

    /// <inheritdoc/>
    protected override (byte Version, byte Format) InquiryFormat => _isAtapi ? ((byte)0, (byte)0x21) : ((byte)5, (byte)2);

    private static ScsiSense MediumChanged => new(ScsiSense.UnitAttention, 0x28);

    private long Blocks => ((_medium?.Length ?? 0) + BlockSize - 1) / BlockSize;

    /// <summary>Changes the disc, as a hand at the drive does. Call on the machine's thread.</summary>
    public void Insert(IBlockBackend? medium)
    {
        const byte NewMedia = 2;
        const byte MediaRemoved = 3;
        _medium = medium;
        _trayOpen = false;
        StopMedium();
        Attention = medium != null ? MediumChanged : ScsiSense.None;
        _mediumEvent = medium != null ? NewMedia : MediaRemoved;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // The first command after power-on or reset is told of it (MMC-3 4.1.6.1).
        base.Reset();
        _isLocked = false;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("block", ref _block);
        state.Field("tray-open", ref _trayOpen);
        state.Field("locked", ref _isLocked);
        state.Field("medium-event", ref _mediumEvent);
    }

    /// <inheritdoc/>
    protected override bool IsServedAlways(byte operation) => operation == 0x4a || base.IsServedAlways(operation);

    /// <inheritdoc/>
    protected override int WriteVitalPage(byte page)
    {
        switch (page)
        {
            case 0x00 when !_isAtapi:
                ReadOnlySpan<byte> pages = [0x00, 0x80, 0x83];
                pages.CopyTo(Buffer[4..]);
                return pages.Length;
            case 0x80 when !_isAtapi:
                return WriteSerialPage();
            case 0x83 when !_isAtapi:
                return WriteIdentificationPage();
            default:
                return -1;
        }
    }

    /// <inheritdoc/>
    protected override bool TryReadMedium(long offset, Span<byte> destination)
    {
        long at = (_block * BlockSize) + offset;
        // An image may end in the middle of its last block; the rest of it is zeros.
        int present = (int)Math.Clamp((_medium?.Length ?? 0) - at, 0, destination.Length);
        destination[present..].Clear();
        return _medium != null && _medium.TryRead(at, destination[..present]);
    }

    private void ReplyBlocks(long block, long count)
    {
        if (count != 0 && (block > Blocks || count > Blocks - block))
        {
            Fail(ScsiSense.OutOfRange);
            return;
        }

        _block = block;
        StartMedium(ScsiDirection.In, count * BlockSize);
    }
}

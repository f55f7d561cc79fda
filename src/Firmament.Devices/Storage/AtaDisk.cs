using Firmament.Core.Backends;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// An ATA hard disk: CHS, 28- and 48-bit addresses, PIO, multiple, and multiword and Ultra DMA. Source: ATA/ATAPI-7 volume 1.
/// Not modelled: SMART, security, host protected area, queued commands; they abort and IDENTIFY does not offer them.
/// </summary>
public sealed partial class AtaDisk : IdeDevice
{
    private const int SectorSize = DiskImage.SectorSize;
    private const int MostMultiple = 16;
    private const byte Lba = 0x40;
    private const long Lba28Sectors = 0x0fff_ffff;

    private readonly IBlockBackend _disk;
    private readonly string _model;
    private readonly string _serial;
    private readonly long _sectors;
    private readonly int _defaultCylinders;

    private long _lba;
    private int _remaining;
    private int _sectorsPerBlock;
    private bool _isExt;
    private byte _multiple;
    private byte _heads;
    private byte _sectorsPerTrack;
    private byte _transferMode;
    private bool _writeCache;

    /// <summary>Makes a disk.</summary>
    /// <param name="disk">The image. Writes to a read-only one abort. Stays the caller's to dispose.</param>
    /// <param name="model">At most 40 ASCII characters.</param>
    /// <param name="serial">At most 20 ASCII characters.</param>
    public AtaDisk(IBlockBackend disk, string model = "Firmament disk", string serial = "FM00001")
    {
        _disk = disk;
        _model = model;
        _serial = serial;
        _sectors = disk.Length / SectorSize;
        _defaultCylinders = (int)Math.Clamp(_sectors / (16 * 63), 2, 16383);
        Reset();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        SetDefaults();
        base.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("lba", ref _lba);
        state.Field("remaining", ref _remaining);
        state.Field("block", ref _sectorsPerBlock);
        state.Field("ext", ref _isExt);
        state.Field("multiple", ref _multiple);
        state.Field("heads", ref _heads);
        state.Field("track", ref _sectorsPerTrack);
        state.Field("mode", ref _transferMode);
        state.Field("write-cache", ref _writeCache);
        _sectorsPerBlock = Math.Clamp(_sectorsPerBlock, 1, BufferLength / SectorSize);
    }

    /// <inheritdoc/>
    protected internal override void Execute(byte command)
    {
        EndTransfer();
        SetInterrupt(false);
        Error = 0;
        switch (command)
        {
            case 0x20 or 0x21: // READ SECTORS
                StartRead(IdePhase.PioIn, 1, ext: false);
                break;
            case 0x24: // READ SECTORS EXT
                StartRead(IdePhase.PioIn, 1, ext: true);
                break;
            case 0xc4 when _multiple != 0: // READ MULTIPLE
                StartRead(IdePhase.PioIn, _multiple, ext: false);
                break;
            case 0x29 when _multiple != 0: // READ MULTIPLE EXT
                StartRead(IdePhase.PioIn, _multiple, ext: true);
                break;
            case 0xc8 or 0xc9: // READ DMA
                StartRead(IdePhase.DmaIn, BufferLength / SectorSize, ext: false);
                break;
            case 0x25: // READ DMA EXT
                StartRead(IdePhase.DmaIn, BufferLength / SectorSize, ext: true);
                break;
            case 0x30 or 0x31: // WRITE SECTORS
                StartWrite(IdePhase.PioOut, 1, ext: false);
                break;
            case 0x34: // WRITE SECTORS EXT
                StartWrite(IdePhase.PioOut, 1, ext: true);
                break;
            case 0xc5 when _multiple != 0: // WRITE MULTIPLE
                StartWrite(IdePhase.PioOut, _multiple, ext: false);
                break;
            case 0x39 or 0xce when _multiple != 0: // WRITE MULTIPLE EXT, WRITE MULTIPLE FUA EXT
                StartWrite(IdePhase.PioOut, _multiple, ext: true);
                break;
            case 0xca or 0xcb: // WRITE DMA
                StartWrite(IdePhase.DmaOut, BufferLength / SectorSize, ext: false);
                break;
            case 0x35: // WRITE DMA EXT
                StartWrite(IdePhase.DmaOut, BufferLength / SectorSize, ext: true);
                break;
            case 0x40 or 0x41: // READ VERIFY SECTORS
                Verify(ext: false);
                break;
            case 0x42: // READ VERIFY SECTORS EXT
                Verify(ext: true);
                break;
            case 0x70: // SEEK
                Address(ext: false);
                CompleteIf(_lba < _sectors, Idnf);
                break;
            case >= 0x10 and <= 0x1f: // RECALIBRATE
                Complete();
                break;
            case 0x90: // EXECUTE DEVICE DIAGNOSTIC
                SetSignature();
                Error = 1;
                SetInterrupt(true);
                break;
            case 0x91: // INITIALIZE DEVICE PARAMETERS
                InitializeParameters();
                break;
            case 0xc6: // SET MULTIPLE MODE
                SetMultiple((byte)SectorCount);
                break;
            case 0xe7 or 0xea: // FLUSH CACHE, FLUSH CACHE EXT
                Flush();
                break;
            case 0xec: // IDENTIFY DEVICE
                FillIdentify();
                _remaining = 0;
                StartBlock(IdePhase.PioIn, SectorSize);
                SetInterrupt(true);
                break;
            case 0xef: // SET FEATURES
                SetFeatures();
                break;
            case 0xf8: // READ NATIVE MAX ADDRESS
                ReportMaximum(Math.Min(_sectors, Lba28Sectors) - 1, ext: false);
                break;
            case 0x27: // READ NATIVE MAX ADDRESS EXT
                ReportMaximum(_sectors - 1, ext: true);
                break;
            case 0xe5 or 0x98: // CHECK POWER MODE: active or idle
                SectorCount = 0xff;
                Complete();
                break;
            case 0xe0 or 0xe1 or 0xe2 or 0xe3 or 0xe6 or 0x94 or 0x95 or 0x96 or 0x97 or 0x99: // STANDBY, IDLE, SLEEP and their old codes
                Complete();
                break;
            default: // NOP too (6.23), SMART and all else
                Fail(Abrt);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void BlockTaken()
    {
        if (_remaining != 0)
        {
            LoadBlock();
        }
        else
        {
            // PIO tells of each block when it is ready, so nothing is left to tell at the end.
            Complete(interrupt: Phase == IdePhase.DmaIn);
        }
    }

    /// <inheritdoc/>
    protected override void BlockGiven()
    {
        IdePhase phase = Phase;
        int count = BlockLength / SectorSize;
        if (!_disk.TryWrite(_lba * SectorSize, Buffer[..BlockLength]))
        {
            FailAt(Abrt);
            return;
        }

        _lba += count;
        _remaining -= count;
        if (_remaining == 0)
        {
            CompleteIf(_writeCache || _disk.TryFlush(), Abrt);
            return;
        }

        StartBlock(phase, Math.Min(_sectorsPerBlock, _remaining) * SectorSize);
        if (phase == IdePhase.PioOut)
        {
            SetInterrupt(true);
        }
    }

    /// <inheritdoc/>
    protected override (byte LbaMid, byte LbaHigh, byte Status) Signature => (0, 0, Drdy | Dsc);

    private void SetDefaults()
    {
        _multiple = 0;
        _heads = 16;
        _sectorsPerTrack = 63;
        _transferMode = 0x45;
        _writeCache = true;
        _remaining = 0;
        _sectorsPerBlock = 1;
    }

    private void CompleteIf(bool ok, byte error)
    {
        if (ok)
        {
            Complete();
        }
        else
        {
            Fail(error);
        }
    }

    /// <summary>Takes address and count from the task file (ATA/ATAPI-7 6.2).</summary>
    private void Address(bool ext)
    {
        _isExt = ext;
        if (ext)
        {
            _remaining = SectorCount == 0 ? 65536 : SectorCount;
            _lba = (byte)LbaLow | ((long)(byte)LbaMid << 8) | ((long)(byte)LbaHigh << 16)
                | ((long)(LbaLow >> 8) << 24) | ((long)(LbaMid >> 8) << 32) | ((long)(LbaHigh >> 8) << 40);
            return;
        }

        _remaining = (byte)SectorCount == 0 ? 256 : (byte)SectorCount;
        long low = (byte)LbaLow;
        long cylinder = (byte)LbaMid | ((long)(byte)LbaHigh << 8);
        if ((DeviceHead & Lba) != 0)
        {
            _lba = low | (cylinder << 8) | ((long)(DeviceHead & 15) << 24);
            return;
        }

        long head = DeviceHead & 15;
        _lba = low == 0 || low > _sectorsPerTrack || head >= _heads ? long.MaxValue / SectorSize : (((cylinder * _heads) + head) * _sectorsPerTrack) + low - 1;
    }

    private void StartRead(IdePhase phase, int sectorsPerBlock, bool ext)
    {
        Address(ext);
        if (!InRange())
        {
            return;
        }

        _sectorsPerBlock = sectorsPerBlock;
        Phase = phase;
        LoadBlock();
    }

    private void LoadBlock()
    {
        IdePhase phase = Phase;
        int count = Math.Min(_sectorsPerBlock, _remaining);
        if (!_disk.TryRead(_lba * SectorSize, Buffer[..(count * SectorSize)]))
        {
            FailAt(Unc);
            return;
        }

        _lba += count;
        _remaining -= count;
        StartBlock(phase, count * SectorSize);
        if (phase == IdePhase.PioIn)
        {
            SetInterrupt(true);
        }
    }

    private void StartWrite(IdePhase phase, int sectorsPerBlock, bool ext)
    {
        Address(ext);
        if (_disk.IsReadOnly)
        {
            Fail(Abrt);
            return;
        }

        if (InRange())
        {
            _sectorsPerBlock = sectorsPerBlock;
            StartBlock(phase, Math.Min(sectorsPerBlock, _remaining) * SectorSize);
        }
    }

    private bool InRange()
    {
        if (_lba <= _sectors && _remaining <= _sectors - _lba)
        {
            return true;
        }

        Fail(Idnf);
        return false;
    }

    private void Verify(bool ext)
    {
        Address(ext);
        if (!InRange())
        {
            return;
        }

        while (_remaining != 0)
        {
            int count = Math.Min(BufferLength / SectorSize, _remaining);
            if (!_disk.TryRead(_lba * SectorSize, Buffer[..(count * SectorSize)]))
            {
                FailAt(Unc);
                return;
            }

            _lba += count;
            _remaining -= count;
        }

        Complete();
    }

    /// <summary>Fails with the address of the first sector of the block in the task file.</summary>
    private void FailAt(byte error)
    {
        SetAddress(_lba, _isExt);
        Fail(error);
    }

    private void SetAddress(long lba, bool ext)
    {
        LbaLow = (ushort)((byte)lba | (ext ? (byte)(lba >> 24) << 8 : 0));
        LbaMid = (ushort)((byte)(lba >> 8) | (ext ? (byte)(lba >> 32) << 8 : 0));
        LbaHigh = (ushort)((byte)(lba >> 16) | (ext ? (byte)(lba >> 40) << 8 : 0));
        if (!ext)
        {
            DeviceHead = (byte)((DeviceHead & 0xf0) | ((int)(lba >> 24) & 15));
        }
    }

    private void ReportMaximum(long lba, bool ext)
    {
        SetAddress(lba, ext);
        Complete();
    }

    private void InitializeParameters()
    {
        byte heads = (byte)((DeviceHead & 15) + 1);
        byte track = (byte)SectorCount;
        if (track == 0)
        {
            Fail(Abrt);
            return;
        }

        _heads = heads;
        _sectorsPerTrack = track;
        Complete();
    }

    private void SetMultiple(byte count)
    {
        if (count > MostMultiple || (count & (count - 1)) != 0)
        {
            Fail(Abrt);
            return;
        }

        _multiple = count;
        Complete();
    }

    private void Flush()
    {
        if (_disk.TryFlush())
        {
            Complete();
            return;
        }

        Fail(Abrt);
        Status |= Df;
    }

    private void SetFeatures()
    {
        switch ((byte)Features)
        {
            case 0x02:
                _writeCache = true;
                Complete();
                break;
            case 0x82:
                _writeCache = false;
                CompleteIf(_disk.TryFlush(), Abrt);
                break;
            case 0x03:
                SetTransferMode((byte)SectorCount);
                break;
            case 0x55 or 0xaa or 0x66 or 0xcc: // read look-ahead, power-on defaults
                Complete();
                break;
            default:
                Fail(Abrt);
                break;
        }
    }

    private void SetTransferMode(byte mode)
    {
        const byte FastestPio = 4;
        const byte FastestMultiword = 2;
        const byte FastestUltra = 5;
        int number = mode & 7;
        switch (mode >> 3)
        {
            case 0 when number <= 1:
            case 1 when number <= FastestPio:
                Complete();
                break;
            case 4 when number <= FastestMultiword:
            case 8 when number <= FastestUltra:
                _transferMode = mode;
                Complete();
                break;
            default:
                Fail(Abrt);
                break;
        }
    }
}

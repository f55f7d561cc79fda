namespace Firmament.Devices.Storage;

/// <summary>IDENTIFY DEVICE. Source: ATA/ATAPI-7 volume 1, 6.17.</summary>
public sealed partial class AtaDisk
{
    private void FillIdentify()
    {
        Buffer[..SectorSize].Clear();
        int currentCylinders = (int)Math.Clamp(_sectors / (_heads * _sectorsPerTrack), 1, 65535);
        int currentSectors = (int)Math.Min((long)currentCylinders * _heads * _sectorsPerTrack, int.MaxValue);
        long lba28 = Math.Min(_sectors, Lba28Sectors);

        Identify(0, 0x0040);
        Identify(1, _defaultCylinders);
        Identify(3, 16);
        Identify(6, 63);
        Identify(10, 10, _serial);
        Identify(23, 4, "1.0");
        Identify(27, 20, _model);
        Identify(47, 0x8000 | MostMultiple);
        Identify(49, 0x0f00); // DMA, LBA, IORDY
        Identify(50, 0x4000);
        Identify(51, 0x0200);
        Identify(53, 0x0007); // words 54-58, 64-70 and 88 are valid
        Identify(54, currentCylinders);
        Identify(55, _heads);
        Identify(56, _sectorsPerTrack);
        Identify(57, currentSectors & 0xffff);
        Identify(58, currentSectors >> 16);
        Identify(59, _multiple != 0 ? 0x0100 | _multiple : 0);
        Identify(60, (int)(lba28 & 0xffff));
        Identify(61, (int)(lba28 >> 16));
        Identify(63, 0x0007 | Selected(4));
        Identify(64, 0x0003);
        Identify(65, 120);
        Identify(66, 120);
        Identify(67, 120);
        Identify(68, 120);
        Identify(80, 0x00f0); // ATA/ATAPI-4 to -7
        Identify(82, 0x0028); // write cache, power management
        Identify(83, 0x7400); // FLUSH CACHE (EXT), 48-bit addresses
        Identify(84, 0x4000);
        Identify(85, 0x0008 | (_writeCache ? 0x20 : 0));
        Identify(86, 0x3400);
        Identify(87, 0x4000);
        Identify(88, 0x003f | Selected(8));
        // 80-wire cable seen; the drive number was set by its jumper.
        Identify(93, Unit == 0 ? 0x600b : 0x6b00);
        Identify(100, (int)(_sectors & 0xffff));
        Identify(101, (int)((_sectors >> 16) & 0xffff));
        Identify(102, (int)((_sectors >> 32) & 0xffff));
        SealIdentify();
    }

    /// <summary>The selected mode's bit in the high byte, when the mode is of the kind <paramref name="kind"/> (bits 7:3 of the mode).</summary>
    private int Selected(int kind) => _transferMode >> 3 == kind ? 0x100 << (_transferMode & 7) : 0;
}

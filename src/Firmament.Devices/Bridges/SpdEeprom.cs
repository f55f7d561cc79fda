namespace Firmament.Devices.Bridges;

/// <summary>
/// The serial presence detect EEPROM of a DDR memory module, 256 bytes. Source: JEDEC 21-C, appendix D (SPD for DDR SDRAM), revision 1.0.
/// </summary>
internal static class SpdEeprom
{
    private const ulong MiB = 1 << 20;

    /// <summary>
    /// A module of one or two ranks whose size is the largest that such a module can have and that is not more than <paramref name="ramBytes"/>.
    /// </summary>
    public static byte[] Create(ulong ramBytes)
    {
        // A rank is a power of two from 64 MiB to 1 GiB.
        ulong rank = 1024 * MiB;
        while (rank > 64 * MiB && rank > ramBytes)
        {
            rank /= 2;
        }

        int ranks = rank == 1024 * MiB && ramBytes >= 2 * rank ? 2 : 1;
        int log2 = System.Numerics.BitOperations.Log2(rank / MiB);
        byte[] spd = new byte[256];
        spd[0] = 128; // bytes programmed
        spd[1] = 8; // log2 of the EEPROM's size
        spd[2] = 7; // DDR SDRAM
        spd[3] = (byte)(log2 < 9 ? 12 : log2 < 10 ? 13 : 14); // row addresses
        // Rank bytes = 2^rows × 2^columns × 4 banks × 8 bytes.
        spd[4] = (byte)(log2 + 20 - spd[3] - 5); // column addresses
        spd[5] = (byte)ranks;
        spd[6] = 64; // data width
        spd[8] = 4; // SSTL 2.5 V
        spd[9] = 0x75; // cycle time at the highest CAS latency, 7.5 ns: 133 MHz
        spd[10] = 0x75; // access time, 0.75 ns
        spd[12] = 0x82; // refresh 7.8 µs, self refresh
        spd[13] = 8; // device width
        spd[15] = 1; // back-to-back column delay
        spd[16] = 0x0e; // burst lengths 2, 4, 8
        spd[17] = 4; // banks
        spd[18] = 0x0c; // CAS latencies 2, 2.5
        spd[19] = 1; // CS latency 0
        spd[20] = 2; // write latency 1
        spd[21] = 0x20; // differential clock
        spd[23] = 0xa0; // cycle time at CAS latency 2
        spd[24] = 0x75;
        spd[27] = 0x50; // row precharge, 20 ns
        spd[28] = 0x3c; // row active to row active, 15 ns
        spd[29] = 0x50; // RAS to CAS, 20 ns
        spd[30] = 0x2d; // row active, 45 ns
        // Rank density: bit 4 = 64 MiB … bit 7 = 512 MiB, bit 0 = 1 GiB.
        spd[31] = (byte)(log2 == 10 ? 1 : 1 << (log2 - 2));
        spd[32] = 0x90;
        spd[33] = 0x90;
        spd[34] = 0x50;
        spd[35] = 0x50;
        spd[62] = 0x10; // SPD revision
        int sum = 0;
        for (int i = 0; i < 63; i++)
        {
            sum += spd[i];
        }

        spd[63] = (byte)sum;
        return spd;
    }
}

namespace Firmament.PowerPC.State;

/// <summary>Numbers of special-purpose registers. Source: MPC7450 RM table 2-2.</summary>
internal static class SprNumber
{
    public const int Xer = 1;
    public const int Lr = 8;
    public const int Ctr = 9;
    public const int Dsisr = 18;
    public const int Dar = 19;
    public const int Dec = 22;
    public const int Sdr1 = 25;
    public const int Srr0 = 26;
    public const int Srr1 = 27;
    public const int Vrsave = 256;
    public const int TblRead = 268;
    public const int TbuRead = 269;
    public const int Sprg0 = 272;
    public const int Sprg3 = 275;
    public const int Sprg4 = 276;
    public const int Sprg7 = 279;
    public const int Ear = 282;
    public const int TblWrite = 284;
    public const int TbuWrite = 285;
    public const int Pvr = 287;
    public const int Ibat0U = 528;
    public const int Dbat3L = 543;
    public const int Ibat4U = 560;
    public const int Dbat7L = 575;
    public const int UserPerformanceFirst = 928;
    public const int UserPerformanceLast = 943;
    public const int Mmcr2 = 944;
    public const int Bamr = 951;
    public const int PerformanceLast = 959;
    public const int Tlbmiss = 980;
    public const int Ptehi = 981;
    public const int Ptelo = 982;
    public const int L3Pm = 983;
    public const int Hid0 = 1008;
    public const int Hid1 = 1009;
    public const int Iabr = 1010;
    public const int Ictrl = 1011;
    public const int Ldstdb = 1012;
    public const int Dabr = 1013;
    public const int Msscr0 = 1014;
    public const int Msssr0 = 1015;
    public const int Ldstcr = 1016;
    public const int L2Cr = 1017;
    public const int L3Cr = 1018;
    public const int Ictc = 1019;
    public const int Thrm1 = 1020;
    public const int Thrm3 = 1022;
    public const int Pir = 1023;
}

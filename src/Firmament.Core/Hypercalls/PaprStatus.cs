namespace Firmament.Core.Hypercalls;

/// <summary>Status of a PAPR hypercall, as its caller finds it in r3. Source: LoPAPR 1.1 table 170 and 14.1.3.</summary>
public static class PaprStatus
{
    /// <summary>H_SUCCESS.</summary>
    public const long Success = 0;

    /// <summary>H_BUSY: try again.</summary>
    public const long Busy = 1;

    /// <summary>H_CLOSED: the other side is not there.</summary>
    public const long Closed = 2;

    /// <summary>H_NOT_AVAILABLE.</summary>
    public const long NotAvailable = 3;

    /// <summary>H_CONSTRAINED: done, with a smaller value than asked.</summary>
    public const long Constrained = 4;

    /// <summary>H_PARTIAL: done in part.</summary>
    public const long Partial = 5;

    /// <summary>H_PAGE_REGISTERED: done, the page was registered.</summary>
    public const long PageRegistered = 15;

    /// <summary>H_CONTINUE.</summary>
    public const long Continue = 18;

    /// <summary>H_LONG_BUSY_ORDER_1_MSEC: try again in a millisecond.</summary>
    public const long LongBusy1Millisecond = 9900;

    /// <summary>H_HARDWARE.</summary>
    public const long Hardware = -1;

    /// <summary>H_FUNCTION: there is no such hypercall.</summary>
    public const long Function = -2;

    /// <summary>H_PRIVILEGE: called from problem state.</summary>
    public const long Privilege = -3;

    /// <summary>H_PARAMETER.</summary>
    public const long Parameter = -4;

    /// <summary>H_BAD_MODE.</summary>
    public const long BadMode = -5;

    /// <summary>H_PTEG_FULL.</summary>
    public const long PtegFull = -6;

    /// <summary>H_NOT_FOUND.</summary>
    public const long NotFound = -7;

    /// <summary>H_RESERVED_DABR.</summary>
    public const long ReservedDabr = -8;

    /// <summary>H_NO_MEM.</summary>
    public const long NoMemory = -9;

    /// <summary>H_AUTHORITY.</summary>
    public const long Authority = -10;

    /// <summary>H_PERMISSION.</summary>
    public const long Permission = -11;

    /// <summary>H_DROPPED.</summary>
    public const long Dropped = -12;

    /// <summary>H_S_PARM.</summary>
    public const long SourceParameter = -13;

    /// <summary>H_D_PARM.</summary>
    public const long DestinationParameter = -14;

    /// <summary>H_RESOURCE.</summary>
    public const long Resource = -16;

    /// <summary>H_R_PARM: remote (LIOBN) parameter.</summary>
    public const long RemoteParameter = -19;

    /// <summary>H_P2: the second parameter is wrong.</summary>
    public const long Parameter2 = -55;

    /// <summary>H_P3.</summary>
    public const long Parameter3 = -56;

    /// <summary>H_P4.</summary>
    public const long Parameter4 = -57;

    /// <summary>H_P5.</summary>
    public const long Parameter5 = -58;

    /// <summary>H_P6.</summary>
    public const long Parameter6 = -59;

    /// <summary>H_P7.</summary>
    public const long Parameter7 = -60;

    /// <summary>H_P8.</summary>
    public const long Parameter8 = -61;

    /// <summary>H_P9.</summary>
    public const long Parameter9 = -62;

    /// <summary>H_NOOP: there was nothing to do.</summary>
    public const long NoOperation = -63;

    /// <summary>H_TOO_BIG.</summary>
    public const long TooBig = -64;

    /// <summary>H_UNSUPPORTED.</summary>
    public const long Unsupported = -67;

    /// <summary>H_OVERLAP.</summary>
    public const long Overlap = -68;

    /// <summary>H_INTERRUPT.</summary>
    public const long Interrupt = -69;

    /// <summary>H_STATE.</summary>
    public const long State = -75;

    /// <summary>H_UNSUPPORTED_FLAG_START: minus the number of the flag bit that is not supported.</summary>
    public const long UnsupportedFlag = -256;

    /// <summary>H_MULTI_THREADS_ACTIVE.</summary>
    public const long MultipleThreadsActive = -9005;
}

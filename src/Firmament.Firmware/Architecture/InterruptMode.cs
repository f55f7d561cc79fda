namespace Firmament.Firmware.Architecture;

/// <summary>Which interrupt controller a partition's operating system drives.</summary>
public enum InterruptMode
{
    /// <summary>XICS, by hypercalls and RTAS.</summary>
    Xics,

    /// <summary>XIVE in exploitation mode.</summary>
    Xive,
}

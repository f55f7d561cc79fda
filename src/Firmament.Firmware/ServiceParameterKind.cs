namespace Firmament.Firmware;

/// <summary>What a cell of a call means; a trace shows it accordingly.</summary>
public enum ServiceParameterKind
{
    /// <summary>A number or address, shown in hexadecimal.</summary>
    Cell,

    /// <summary>A signed number, shown in decimal.</summary>
    Int,

    /// <summary>A package handle, shown with its path.</summary>
    Phandle,

    /// <summary>An instance handle, shown with its path.</summary>
    Ihandle,

    /// <summary>The address of a NUL-terminated string.</summary>
    Text,

    /// <summary>The address of bytes the guest passes in; the next argument is their length.</summary>
    Bytes,

    /// <summary>The address of a buffer the service fills; the first result says how much.</summary>
    Buffer,
}

namespace Firmament.Machines.Placement;

/// <summary>Configuration cycles on one PCI bus as the board's CPU makes them.</summary>
internal interface IConfigAccess
{
    /// <summary>Reads; all ones where there is no function.</summary>
    /// <param name="devfn">Device × 8 + function.</param>
    /// <param name="offset">0 to 255, a multiple of <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4.</param>
    uint Read(int devfn, int offset, int size);

    /// <summary>Writes; dropped where there is no function.</summary>
    void Write(int devfn, int offset, uint value, int size);
}

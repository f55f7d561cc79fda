using Firmament.DeviceTree;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Firmware.Rtas;

/// <summary>Writes the properties of `/rtas` that follow from the table of calls.</summary>
internal static class RtasNode
{
    /// <summary>The property that tells a client how much memory to claim for the entry stub.</summary>
    public const string Size = "rtas-size";

    /// <summary>At least the 20 bytes of the sc 1 stub: some clients refuse less.</summary>
    public const uint LeastSize = 20;

    /// <summary>The machine's cells and one for each token under its published name. Properties the machine has set are kept.</summary>
    public static void Write(DeviceNode node, RtasCalls calls, HypercallConvention convention)
    {
        foreach ((string name, uint value) in calls.Cells)
        {
            SetIfAbsent(node, name, name == Size ? Math.Max(value, StubSize(convention)) : value);
        }

        SetIfAbsent(node, Size, Math.Max(LeastSize, StubSize(convention)));
        foreach ((string name, uint token) in calls.Published)
        {
            node.SetCells(name, token);
        }
    }

    private static uint StubSize(HypercallConvention convention) => (uint)GuestStub.BuildRtas(convention).Length;

    private static void SetIfAbsent(DeviceNode node, string name, uint value)
    {
        if (node[name] == null)
        {
            node.SetCells(name, value);
        }
    }
}

namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>The decimal floating-point instructions.</summary>
public static unsafe partial class DecimalLeaves
{
}

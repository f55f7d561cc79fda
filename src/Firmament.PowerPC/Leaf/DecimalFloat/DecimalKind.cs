namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>What a decimal pattern stands for.</summary>
internal enum DecimalKind
{
    Finite,
    Infinity,
    QuietNaN,
    SignalingNaN,
}

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>How a vector's result column reads.</summary>
public enum Result
{
    Single,
    Double,
    Integer,
}

using System.Globalization;

namespace Firmament.Benchmarks.Compare;

/// <summary>Averages, and how numbers are written.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));

    /// <summary>A ratio, and any number of which two decimals are enough.</summary>
    public static string TwoDecimals(double value) => value.ToString("f2", CultureInfo.InvariantCulture);

    public static string ThreeDecimals(double value) => value.ToString("f3", CultureInfo.InvariantCulture);

    public static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("f0", CultureInfo.InvariantCulture);

    /// <summary>Four significant digits, whatever the size.</summary>
    public static string Significant(double value) =>
        value >= 1000 ? value.ToString("n0", CultureInfo.InvariantCulture) : value.ToString("g4", CultureInfo.InvariantCulture);
}

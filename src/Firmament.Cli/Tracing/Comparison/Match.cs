namespace Firmament.Cli.Tracing.Comparison;

/// <summary>Events of two sequences that are alike, one after the other.</summary>
/// <param name="Left">The first one's index in the first sequence.</param>
/// <param name="Right">And in the second.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Match(int Left, int Right, int Length);

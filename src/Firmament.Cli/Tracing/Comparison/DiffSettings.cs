namespace Firmament.Cli.Tracing.Comparison;

/// <summary>How traces are compared.</summary>
/// <param name="Exact">Times, addresses and handles too, and events of every kind.</param>
/// <param name="Context">Equal lines printed round a difference.</param>
/// <param name="MostHunks">Differences printed; all are counted.</param>
internal sealed record DiffSettings(bool Exact, int Context, int MostHunks);

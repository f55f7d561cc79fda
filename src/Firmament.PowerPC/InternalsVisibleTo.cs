using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Firmament.PowerPC.Tests")]
[assembly: InternalsVisibleTo("Firmament.Benchmarks")]

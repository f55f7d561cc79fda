using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Firmament.Machines.Tests")]
[assembly: InternalsVisibleTo("Firmament")]

using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.PowerPC;

namespace Firmament.Machines.Configuration;

/// <summary>What one CPU did without a pause.</summary>
/// <param name="Machine">The machine, for its counters.</param>
/// <param name="Processor">The CPU, between two instructions.</param>
/// <param name="Processors">How many CPUs there are.</param>
/// <param name="Memory">RAM.</param>
/// <param name="Start">When the turn began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Instructions">How many were executed.</param>
public readonly record struct MachineTurn(
    IMachine Machine, IProcessor Processor, int Processors, GuestMemory Memory, VirtualTime Start, VirtualTime End, long Instructions);

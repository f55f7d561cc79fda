using Firmament.Core.Backends;
using Firmament.Core.Tracing;
using Firmament.PowerPC;

namespace Firmament.Machines.Configuration;

/// <summary>What a machine gets from its host. Everything has a default that touches nothing outside, which suits tests.</summary>
public sealed class HostServices
{
    /// <summary>Host ends of the serial ports, by index; a null or missing one drops what the guest sends.</summary>
    public IReadOnlyList<ICharacterBackend?> SerialPorts { get; init; } = [];

    /// <summary>Host ends of consoles that devices name with chardev=ID (virtconsole).</summary>
    public IReadOnlyDictionary<string, ICharacterBackend> CharacterDevices { get; init; } = new Dictionary<string, ICharacterBackend>();

    /// <summary>Where trace events go, or null.</summary>
    public ITraceSink? TraceSink { get; init; }

    /// <summary>Opens a network backend; null, or a null answer, leaves the card unconnected. Throws <see cref="Firmament.Core.UserErrorException"/>.</summary>
    public Func<NetworkConfiguration, INetworkBackend?>? OpenNetwork { get; init; }

    /// <summary>Opens a drive's image instead of the machine's own opener (a test's disk in memory); null for the machine's own.</summary>
    public Func<DriveConfiguration, IBlockBackend>? OpenDrive { get; init; }

    /// <summary>Looks at the machine between its CPUs' turns, or null.</summary>
    public IMachineWatcher? Watcher { get; init; }

    /// <summary>Sees what the translator makes of the guest's code, or null.</summary>
    public ITranslationWatcher? TranslationWatcher { get; init; }

    /// <summary>
    /// Prints the host's code for <see cref="TraceCategory.Code"/>: one text an instruction, of bytes that lie at an address. Null prints bytes.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, ulong, IReadOnlyList<string>>? HostDisassembler { get; init; }

    /// <summary>The host's clock; null when the machine may never wait (an idle machine without deadlines then stops with an error).</summary>
    public IHostClock? Clock { get; init; }

    /// <summary>Takes a one-sentence note for the user ("the NVRAM file was created"), or null.</summary>
    public Action<string>? Note { get; init; }
}

using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-object filter-dump,id=ID,netdev=NET,file=FILE[,maxlen=N]: a capture of a network's frames.</summary>
/// <param name="Network">The network's id.</param>
/// <param name="File">Where the frames go.</param>
/// <param name="MostBytes">Bytes kept of a frame.</param>
internal sealed record CaptureOption(string Network, string File, int MostBytes)
{
    public static CaptureOption Parse(OptionList list)
    {
        const int Default = 65536;
        const int Largest = 262144;
        list.Ignore("id", "status", "queue", "position", "insert");
        string network = list.Take("netdev") ?? throw new UserErrorException("-object filter-dump needs a network; add netdev=ID of a -netdev.");
        string file = list.Take("file") is { Length: > 0 } name ? name : throw new UserErrorException("-object filter-dump needs a file; add file=NAME.pcap.");
        int most = list.TakeNumber("maxlen") ?? Default;
        list.RefuseRest();
        return most is > 0 and <= Largest
            ? new(network, file, most)
            : throw new UserErrorException($"-object filter-dump maxlen={most} is out of range; give 1 to {Largest} bytes.");
    }

    /// <summary>Gives each capture to the network it names.</summary>
    /// <exception cref="UserErrorException">There is no such network, or two captures want one.</exception>
    public static IEnumerable<NetworkConfiguration> Apply(IReadOnlyList<CaptureOption> captures, IEnumerable<NetworkConfiguration> networks)
    {
        List<NetworkConfiguration> all = [.. networks];
        foreach (CaptureOption capture in captures)
        {
            int at = all.FindIndex(network => network.Id == capture.Network);
            if (at < 0)
            {
                throw new UserErrorException($"Capture file '{capture.File}' is for network '{capture.Network}', which does not exist; add -netdev user,id={capture.Network}.");
            }

            if (all[at].CaptureFile != null)
            {
                throw new UserErrorException($"Two captures are for network '{capture.Network}'; give one -object filter-dump for each network.");
            }

            all[at] = all[at] with { CaptureFile = capture.File, CaptureLength = capture.MostBytes };
        }

        return all;
    }
}

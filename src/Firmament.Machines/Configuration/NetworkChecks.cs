using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>Rules among network backends: one name each, each asked for at most once.</summary>
internal static class NetworkChecks
{
    public static void Validate(IReadOnlyList<NetworkConfiguration> networks, IReadOnlyList<DeviceConfiguration> devices)
    {
        HashSet<string> ids = [];
        foreach (NetworkConfiguration network in networks)
        {
            if (network.Id is { } id && !ids.Add(id))
            {
                throw new UserErrorException($"Two network backends have the name '{id}'; give each its own id=.");
            }
        }

        HashSet<string> taken = [];
        foreach (DeviceConfiguration device in devices)
        {
            if (device["netdev"] is not { } wanted)
            {
                continue;
            }

            if (!ids.Contains(wanted))
            {
                throw new UserErrorException($"Device '{device.Driver}' asks for network '{wanted}', which does not exist; "
                    + $"add --net stream,id={wanted},… (QEMU: -netdev).");
            }

            if (!taken.Add(wanted))
            {
                throw new UserErrorException($"Two devices ask for network '{wanted}'; a backend serves one card, so add another.");
            }
        }
    }
}

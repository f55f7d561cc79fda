using System.Text;
using Firmament.Cli.Options;
using Firmament.Core;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;
using Firmament.DeviceTree.Text;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Commands;

/// <summary>firmament dt: prints, writes or compares the tree of a machine.</summary>
internal static class DeviceTreeCommand
{
    public static int Run(CliHost host, RunRequest request)
    {
        MachineConfiguration configuration = request.Build(host.Now(), needsKernel: false).Configuration;
        Firmament.DeviceTree.DeviceTree tree = host.Machines.BuildDeviceTree(configuration);
        if (request.TreeDiff is { } path)
        {
            DeviceTreeDiff diff = DeviceTreeDiff.Compare(Read(path), tree);
            Emit(host, request.TreeOutput, Encoding.UTF8.GetBytes(diff.ToString()));
            return diff.IsEmpty ? 0 : 1;
        }

        byte[] bytes = request.TreeFormat switch
        {
            "dtb" => FlattenedTree.Write(tree),
            "tree" => Encoding.UTF8.GetBytes(TreeOutline.Write(tree)),
            _ => Encoding.UTF8.GetBytes(DtsWriter.Write(tree)),
        };
        if (request.TreeFormat == "dtb" && request.TreeOutput == null && host.Streams.IsOutputTerminal)
        {
            throw new UserErrorException("A flattened tree is binary and this is a terminal; add --output FILE.");
        }

        Emit(host, request.TreeOutput, bytes);
        return 0;
    }

    /// <summary>Writes a flattened tree for -machine dumpdtb=.</summary>
    public static int Dump(CliHost host, RunPlan plan)
    {
        Emit(host, plan.DumpDeviceTree, FlattenedTree.Write(host.Machines.BuildDeviceTree(plan.Configuration)));
        return 0;
    }

    private static Firmament.DeviceTree.DeviceTree Read(string path)
    {
        ReadOnlyMemory<byte> blob = GuestImage.FromFile(path).Read("--diff");
        return FlattenedTree.TryRead(blob.Span, out FdtImage? image, out FdtResult result)
            ? image.Tree
            : throw new UserErrorException($"'{path}' is not a well-formed flattened tree: {result}; give --diff a version 17 dtb.");
    }

    // Written beside and renamed, so that nobody sees half a file; devices are written directly.
    private static void Emit(CliHost host, string? path, byte[] bytes)
    {
        if (path == null)
        {
            host.Streams.Write(bytes);
            return;
        }

        bool direct = path.StartsWith("/dev/", StringComparison.Ordinal);
        string target = direct ? path : path + ".part";
        try
        {
            File.WriteAllBytes(target, bytes);
            if (!direct)
            {
                File.Move(target, path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!direct && File.Exists(target))
            {
                File.Delete(target);
            }

            throw new UserErrorException($"'{path}' cannot be written ({e.Message.TrimEnd('.')}); give --output a writable path.", e);
        }
    }
}

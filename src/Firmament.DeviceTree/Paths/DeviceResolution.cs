using System.Text;
using Firmament.DeviceTree.Text;

namespace Firmament.DeviceTree.Paths;

/// <summary>What a device specifier names: the node with the way to it, or the element that failed.</summary>
public sealed class DeviceResolution
{
    internal DeviceResolution(IReadOnlyList<DevicePathStep> steps, string? failedComponent)
    {
        Steps = steps;
        FailedComponent = failedComponent;
    }

    /// <summary>True when a node was found.</summary>
    public bool Found => FailedComponent == null;

    /// <summary>The node, or null.</summary>
    public DeviceNode? Node => Found ? Steps[^1].Node : null;

    /// <summary>The arguments of the last element, null when there are none or nothing was found.</summary>
    public string? Arguments => Found ? Steps[^1].Arguments : null;

    /// <summary>The nodes from the root down with the arguments of each; as far as they matched when nothing was found.</summary>
    public IReadOnlyList<DevicePathStep> Steps { get; }

    /// <summary>The element or alias that names nothing ("" for an unusable specifier), or null when a node was found.</summary>
    public string? FailedComponent { get; }

    /// <summary>The answer of <c>canon</c>: the full path, aliases expanded, addresses as the tree has them, arguments kept. "" when not found.</summary>
    public string CanonicalPath
    {
        get
        {
            if (!Found)
            {
                return "";
            }

            StringBuilder path = new();
            foreach (DevicePathStep step in Steps)
            {
                if (step.Node.Parent != null)
                {
                    path.Append('/').Append(step.Node.Name);
                }
                else if (Steps.Count == 1)
                {
                    path.Append('/');
                }
                else
                {
                    // Arguments of the root cannot be written in front of further elements.
                    continue;
                }

                if (step.Arguments != null)
                {
                    path.Append(':').Append(step.Arguments);
                }
            }

            return path.ToString();
        }
    }

    /// <summary>The canonical path, or what failed.</summary>
    public override string ToString() => Found ? CanonicalPath : $"no device \"{TreeOutline.Visible(FailedComponent ?? "")}\"";
}

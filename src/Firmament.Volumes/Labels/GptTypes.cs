namespace Firmament.Volumes.Labels;

/// <summary>Type GUIDs of GPT partitions (UEFI 2.10, 5.3.3; PAPR; Discoverable Partitions Specification; Apple TN2166).</summary>
internal static class GptTypes
{
    public static readonly Guid PrepBoot = new("9e1a2d38-c612-4316-aa26-8b49521e5a8b");

    private static readonly Dictionary<Guid, string> Names = new()
    {
        [PrepBoot] = "PReP boot",
        [new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")] = "EFI system",
        [new("21686148-6449-6e6f-744e-656564454649")] = "BIOS boot",
        [new("0fc63daf-8483-4772-8e79-3d69d8477de4")] = "Linux",
        [new("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f")] = "Linux swap",
        [new("e6d6d379-f507-44c2-a23c-238f2a3df928")] = "Linux LVM",
        [new("a19d880f-05fc-4d3b-a006-743f0f84911e")] = "Linux RAID",
        [new("bc13c2ff-59e6-4262-a352-b275fd6f7172")] = "Linux boot",
        [new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")] = "basic data",
        [new("48465300-0000-11aa-aa11-00306543ecac")] = "Apple HFS",
        [new("516e7cb6-6ecf-11d6-8ff8-00022d09712b")] = "FreeBSD UFS",
    };

    public static string NameOf(Guid type) => Names.TryGetValue(type, out string? name) ? name : type.ToString();
}

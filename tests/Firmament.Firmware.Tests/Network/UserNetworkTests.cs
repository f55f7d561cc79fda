using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.DeviceTree;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Network;

namespace Firmament.Firmware.Tests.Network;

/// <summary>Against the DHCP and TFTP servers that a user of the program has.</summary>
public sealed class UserNetworkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("firmament-netboot-");
    private readonly Bench _of = new();

    public void Dispose()
    {
        _of.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("bootp", null)]
    [InlineData(@",boot\other", null)]
    [InlineData(@"10.0.2.2,\boot\other,10.0.2.15", null)]
    [InlineData(",,,,,,,300", "boot/other")]
    public void The_built_in_servers_boot_a_file(string? arguments, string? word)
    {
        byte[] content = NetworkLab.Content(200_000);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "boot"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "boot", "grub.elf"), content);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "boot", "other"), content);
        using UserNetworkBridge card = new(_of.Platform, new UserNetworkOptions { TftpFolder = _folder.FullName, BootFile = "boot/grub.elf" });
        DeviceNode node = _of.Tree.Find("/pci@80000000")!.AddChild("ethernet@d");
        NetworkPackage package = NetworkPackage.Attach(_of.Firmware, node, card);
        Instance instance = _of.Firmware.Open(_of.Tree.Resolve(node.Path + (arguments == null ? "" : ":" + arguments)), _of.Firmware.Physical)!;
        BootProgram? program = package.FindProgram(_of.Firmware, instance, word);
        Assert.True(program != null, _of.Platform.Output.ToString());
        Assert.Equal(content.Length, program.Length);
        Assert.Equal(content.Length, program.Load(_of.Firmware.Physical, NetworkLab.LoadAddress, 1 << 20));
        Assert.True(_of.Bytes(NetworkLab.LoadAddress, content.Length).AsSpan().SequenceEqual(content));
        Assert.StartsWith("10.0.2.2,", program.DeviceArguments, StringComparison.Ordinal);
    }

    /// <summary>More answers than waits for nothing are allowed, and no time passes in any of them.</summary>
    [Fact]
    public void A_long_file_that_takes_no_time_arrives_too()
    {
        byte[] content = NetworkLab.Content(96 * 12_000);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "long"), content);
        using UserNetworkBridge card = new(_of.Platform, new UserNetworkOptions { TftpFolder = _folder.FullName });
        DeviceNode node = _of.Tree.Find("/pci@80000000")!.AddChild("ethernet@d");
        NetworkPackage package = NetworkPackage.Attach(_of.Firmware, node, card);
        Instance instance = _of.Firmware.Open(_of.Tree.Resolve(node.Path + ":10.0.2.2,long,10.0.2.15,,,,,96"), _of.Firmware.Physical)!;
        BootProgram program = package.FindProgram(_of.Firmware, instance, null)!;
        Assert.Equal(content.Length, program.Load(_of.Firmware.Physical, NetworkLab.LoadAddress, 2 << 20));
        Assert.True(_of.Bytes(NetworkLab.LoadAddress, content.Length).AsSpan().SequenceEqual(content));
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        using UserNetworkBridge card = new(_of.Platform, new UserNetworkOptions { TftpFolder = _folder.FullName, BootFile = "none" });
        DeviceNode node = _of.Tree.Find("/pci@80000000")!.AddChild("ethernet@d");
        NetworkPackage package = NetworkPackage.Attach(_of.Firmware, node, card);
        Instance instance = _of.Firmware.Open(_of.Tree.Resolve(node.Path), _of.Firmware.Physical)!;
        Assert.Null(package.FindProgram(_of.Firmware, instance, null));
        Assert.Equal("DHCP: 10.0.2.15 from 10.0.2.2, file none\r\nTFTP: none from 10.0.2.2: no such file\r\n", _of.Platform.Output.ToString());
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware.Tests;

/// <summary>Asks what Linux asked QEMU's firmware on a Pegasos II, on the same tree, and compares the answers.</summary>
public sealed partial class OracleTests
{
    [Fact]
    public void Linux_gets_the_answers_it_got_from_the_oracle()
    {
        string log = SharedFolder.PathOf("guests/oracle/pegasos2/vof-trace-vmlinux16m-72.log");
        Assert.True(FlattenedTree.TryRead(SharedFolder.Read("guests/oracle/pegasos2/pegasos2-72.dtb"), out FdtImage? image, out FdtResult result), result.ToString());

        using FakePlatform platform = new(512 << 20);
        platform.Tracer.Enabled = Core.Tracing.TraceCategory.None;
        OpenFirmware firmware = new(platform, image.Tree, new FirmwareOptions { ConsolePath = "/failsafe", Rtas = PegasosRtas.For(platform), BootArguments = "console=ttyS0 run=true" });
        firmware.Attach(image.Tree.Find("/failsafe")!, new ConsolePackage(platform));
        firmware.Install();
        GuestCaller guest = new(platform, firmware);

        int compared = 0;
        foreach (string line in File.ReadLines(log))
        {
            Match match = Query().Match(line);
            if (!match.Success)
            {
                continue;
            }

            string service = match.Groups["service"].Value;
            string name = match.Groups["name"].Value;
            uint phandle = uint.TryParse(match.Groups["ph"].Value, NumberStyles.HexNumber, null, out uint ph) ? ph : 0;
            int expected = match.Groups["hex"].Success
                ? int.Parse(match.Groups["hex"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : int.Parse(match.Groups["len"].Value, CultureInfo.InvariantCulture);

            // By design: /chosen has a cpu and stdin, phandles are no properties (Linux adds them), QEMU's own properties are absent, and available tells our own claims.
            if (name is "cpu" or "stdin" or "phandle" or "available" || name.StartsWith("qemu,", StringComparison.Ordinal) || WrittenByTheGuest(name))
            {
                continue;
            }

            int answer = service switch
            {
                "finddevice" => guest.Call(service, guest.Text(name)),
                "getprop" => guest.Call(service, phandle, guest.Text(name), 0x800000, 4096),
                "getproplen" => guest.Call(service, phandle, guest.Text(name)),

                // QEMU counts the NUL, the standard does not.
                _ => guest.Call("package-to-path", phandle, 0x800000, 255) + 1,
            };
            Assert.True(expected == answer, $"{line}: {answer}");
            compared++;
        }

        Assert.InRange(compared, 400, 1000);
    }

    private static bool WrittenByTheGuest(string name) => name is "linux,stdout-path" or "linux,rtas-base" or "linux,rtas-entry" or "ranges" or "interrupts" or "class-code";

    [GeneratedRegex("^vof_(?<service>finddevice|getprop|getproplen|package_to_path) (ph=0x(?<ph>[0-9a-f]+) )?(\"(?<name>[^\"]*)\" )?=> .*?(ph=0x(?<hex>[0-9a-f]+)|len=(?<len>-?[0-9]+))( .*)?$")]
    private static partial Regex Query();

    /// <summary>Calls with arrays and strings in a corner of RAM.</summary>
    private sealed class GuestCaller(FakePlatform platform, OpenFirmware firmware)
    {
        private readonly FakeProcessor _cpu = new();

        public uint Text(string text)
        {
            Assert.True(platform.Ram.TryWrite(new(0x900000), [.. System.Text.Encoding.Latin1.GetBytes(text), 0]));
            return 0x900000;
        }

        public int Call(string service, params ReadOnlySpan<uint> arguments)
        {
            Assert.True(platform.Ram.TryWrite(new(0x901000), [.. System.Text.Encoding.Latin1.GetBytes(service), 0]));
            uint[] cells = [0x901000, (uint)arguments.Length, 1, .. arguments, 0];
            Assert.True(platform.Ram.TryWrite(new(0x902000), Words.ToBytes(cells)));
            Assert.Equal(0, firmware.Client.Call(_cpu, 0x902000));
            Assert.True(platform.Ram.TryReadUInt32(new(0x902000 + (ulong)((cells.Length - 1) * 4)), out uint answer));
            return (int)answer;
        }
    }
}

using System.Globalization;
using Firmament.Core.Tracing;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Forth.FCode;

namespace Firmament.Machines.Drivers;

/// <summary>A card with an expansion ROM: its Open Firmware image, if it has one, describes the card in its node (PCI bus binding 9, IEEE 1275-1994 3.6.1).</summary>
/// <param name="Node">The card's node.</param>
/// <param name="Access">The card.</param>
internal sealed record OptionRom(DeviceNode Node, PciFunctionAccess Access)
{
    /// <summary>Reads the ROM and evaluates its FCode. What goes wrong there is traced and does not stop the boot.</summary>
    public void Evaluate(OpenFirmware firmware)
    {
        byte[] rom = Access.ReadRom();
        if (!ExpansionRom.TryFindFCode(rom, out ReadOnlyMemory<byte> program))
        {
            Trace(firmware, string.Create(CultureInfo.InvariantCulture, $"{rom.Length} bytes, no FCode"));
            return;
        }

        int result = firmware.Forth?.EvaluateFCode(Node, program.Span) ?? 0;
        Trace(firmware, string.Create(CultureInfo.InvariantCulture, $"{program.Length} bytes of FCode{(result == 0 ? "" : $", problem: it threw {result}")}"));
    }

    private void Trace(OpenFirmware firmware, string text) =>
        firmware.Platform.Tracer.Write(TraceCategory.Firmware, Node.Path, "rom", [new KeyValuePair<string, string>("contents", text)]);
}

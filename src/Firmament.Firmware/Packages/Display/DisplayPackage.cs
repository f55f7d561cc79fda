using Firmament.DeviceTree;
using Firmament.Firmware.Drivers.Display;

namespace Firmament.Firmware.Packages.Display;

/// <summary>
/// A display (IEEE 1275-1994 3.6.3, device_type "display"; the 8-bit graphics extension's methods): text through `write`, rectangles, the palette.
/// </summary>
/// <remarks>Nobody has typed at a display, so there is no `read`. The picture and the cursor stay from one `open` to the next while any instance is open.</remarks>
public sealed partial class DisplayPackage : IPackage
{
    private static readonly MethodTable<DisplayPackage> Methods = new()
    {
        { "open", "-- ok?", static (d, call) => { call.Stack.Push(d.Open(call.Instance.Node)); return CatchResult.Ok; } },
        { "close", "--", static (d, _) => { d._display.Stop(); return CatchResult.Ok; } },
        { "write", "addr len -- actual", static (d, call) => d.Write(call) },
        { "draw-logo", "line# addr width height --", static (d, call) => d.DrawLogo(call) },
        { "restore", "--", static (d, _) => { d.Restore(); return CatchResult.Ok; } },
        { "dimensions", "-- width height", static (d, call) => { call.Stack.Push((uint)d._display.Width); call.Stack.Push((uint)d._display.Height); return CatchResult.Ok; } },
        { "color!", "r g b index --", static (d, call) => d.SetColor(call.Stack) },
        { "color@", "index -- r g b", static (d, call) => d.GetColor(call.Stack) },
        { "set-colors", "addr index #indices --", static (d, call) => d.Colors(call, isSet: true) },
        { "get-colors", "addr index #indices --", static (d, call) => d.Colors(call, isSet: false) },
        { "fill-rectangle", "index x y width height --", static (d, call) => d.FillRectangle(call.Stack) },
        { "draw-rectangle", "addr x y width height --", static (d, call) => d.Transfer(call, toScreen: true) },
        { "read-rectangle", "addr x y width height --", static (d, call) => d.Transfer(call, toScreen: false) },
    };

    // The 16-colour text extension's palette: half and full steps of blue, green and red.
    private static readonly uint[] TextColors =
    [
        0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55, 0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff,
    ];

    private readonly IDisplayDriver _display;
    private readonly TerminalEmulator _terminal;

    /// <summary>Gives a display methods.</summary>
    public DisplayPackage(IDisplayDriver display, TerminalEmulator terminal)
    {
        _display = display;
        _terminal = terminal;
    }

    /// <summary>Describes a display in its node, which gets its methods.</summary>
    public static DisplayPackage Attach(OpenFirmware firmware, DeviceNode node, IDisplayDriver display, TerminalEmulator terminal)
    {
        node.SetString("device_type", "display");
        node.SetCells("width", (uint)display.Width);
        node.SetCells("height", (uint)display.Height);
        node.SetCells("depth", 8);
        node.SetCells("linebytes", (uint)display.Width);
        node.SetEmpty("iso6429-1983-colors");
        DisplayPackage package = new(display, terminal);
        firmware.Attach(node, package);
        return package;
    }

    /// <inheritdoc/>
    public bool HasMethod(ReadOnlySpan<byte> method) => Methods.Contains(method);

    /// <inheritdoc/>
    public int Call(ReadOnlySpan<byte> method, MethodCall call) =>
        _display.IsRunning || method.SequenceEqual("open"u8) || method.SequenceEqual("close"u8) ? Methods.Call(this, method, call) : CatchResult.Abort;

    /// <summary>Shows text of the firmware's own; nothing while the display is at rest.</summary>
    public void Show(ReadOnlySpan<byte> text)
    {
        if (_display.IsRunning)
        {
            _terminal.Write(text);
        }
    }

    private bool Open(DeviceNode node)
    {
        bool isFirst = !_display.IsRunning;
        if (!_display.TryStart())
        {
            return false;
        }

        if (isFirst)
        {
            Restore();
        }

        // Where the CPU sees the pixels: known when the card has an address, and told only while that is where they are.
        if (_display.Address is { } address)
        {
            node.SetCells("address", address);
        }

        return true;
    }

    private void Restore()
    {
        for (int i = 0; i < TextColors.Length; i++)
        {
            uint color = TextColors[i];
            _display.SetColor((byte)i, (byte)(color >> 16), (byte)(color >> 8), (byte)color);
        }

        _terminal.Reset();
    }
}

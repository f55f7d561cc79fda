namespace Firmament.Firmware.Packages.Display;

/// <content>What the methods do. Rectangles are cut at the edges of the picture; memory that is not there ends them.</content>
public sealed partial class DisplayPackage
{
    private const int Chunk = 1024;
    private const uint MostBytes = 64 * 1024;
    private const uint MostLogo = 4096;

    private int Write(MethodCall call)
    {
        uint length = Math.Min(call.Stack.Pop(), MostBytes);
        uint address = call.Stack.Pop();
        Span<byte> bytes = stackalloc byte[Chunk];
        uint written = 0;
        while (written < length)
        {
            Span<byte> run = bytes[..(int)Math.Min(length - written, Chunk)];
            if (!call.Space.TryRead((ulong)address + written, run))
            {
                break;
            }

            _terminal.Write(run);
            written += (uint)run.Length;
        }

        if (written == 0 && length > 0)
        {
            return CatchResult.InvalidAddress;
        }

        call.Stack.Push(written);
        return CatchResult.Ok;
    }

    private int SetColor(DataStack stack)
    {
        byte index = (byte)stack.Pop();
        byte blue = (byte)stack.Pop();
        byte green = (byte)stack.Pop();
        _display.SetColor(index, (byte)stack.Pop(), green, blue);
        return CatchResult.Ok;
    }

    private int GetColor(DataStack stack)
    {
        (byte red, byte green, byte blue) = _display.GetColor((byte)stack.Pop());
        stack.Push(red);
        stack.Push(green);
        stack.Push(blue);
        return CatchResult.Ok;
    }

    private int Colors(MethodCall call, bool isSet)
    {
        uint count = Math.Min(call.Stack.Pop(), 256);
        uint index = call.Stack.Pop();
        ulong address = call.Stack.Pop();
        Span<byte> color = stackalloc byte[3];
        for (uint i = 0; i < count && index + i < 256; i++, address += 3)
        {
            if (!isSet)
            {
                (color[0], color[1], color[2]) = _display.GetColor((byte)(index + i));
            }

            if (!(isSet ? call.Space.TryRead(address, color) : call.Space.TryWrite(address, color)))
            {
                return CatchResult.InvalidAddress;
            }

            if (isSet)
            {
                _display.SetColor((byte)(index + i), color[0], color[1], color[2]);
            }
        }

        return CatchResult.Ok;
    }

    private int FillRectangle(DataStack stack)
    {
        (int x, int y, int width, int height, _) = PopRectangle(stack);
        _terminal.Surface.Fill(x, y, width, height, (byte)stack.Pop());
        return CatchResult.Ok;
    }

    private int Transfer(MethodCall call, bool toScreen)
    {
        (int x, int y, int width, int height, uint line) = PopRectangle(call.Stack);
        ulong address = call.Stack.Pop();
        byte[] row = new byte[width];
        for (int i = 0; i < height && width > 0; i++, address += line)
        {
            if (!toScreen)
            {
                _display.Read(x, y + i, row);
            }

            if (!(toScreen ? call.Space.TryRead(address, row) : call.Space.TryWrite(address, row)))
            {
                return CatchResult.InvalidAddress;
            }

            if (toScreen)
            {
                _display.Write(x, y + i, row);
            }
        }

        return CatchResult.Ok;
    }

    /// <summary>A rectangle inside the picture, and the bytes from one row to the next in memory.</summary>
    private (int X, int Y, int Width, int Height, uint Line) PopRectangle(DataStack stack)
    {
        uint height = stack.Pop();
        uint width = stack.Pop();
        uint y = stack.Pop();
        uint x = stack.Pop();
        if (x >= (uint)_display.Width || y >= (uint)_display.Height)
        {
            return (0, 0, 0, 0, width);
        }

        return ((int)x, (int)y, (int)Math.Min(width, (uint)_display.Width - x), (int)Math.Min(height, (uint)_display.Height - y), width);
    }

    /// <summary>Draws one bit a pixel, rows padded to bytes, in the text's colours at a line of text.</summary>
    private int DrawLogo(MethodCall call)
    {
        uint height = Math.Min(call.Stack.Pop(), MostLogo);
        uint width = Math.Min(call.Stack.Pop(), MostLogo);
        ulong address = call.Stack.Pop();
        uint line = call.Stack.Pop();
        Span<byte> bits = new byte[(width + 7) / 8];
        long top = _terminal.Surface.Top + ((long)line * ConsoleFont.Height);
        int shown = Math.Min((int)width, _display.Width);
        byte[] row = new byte[shown];
        for (uint y = 0; y < height && top + y < _display.Height; y++, address += (uint)bits.Length)
        {
            if (!call.Space.TryRead(address, bits))
            {
                return CatchResult.InvalidAddress;
            }

            for (int x = 0; x < shown; x++)
            {
                const byte Black = 0;
                const byte White = 15;
                row[x] = (bits[x / 8] & (0x80 >> (x % 8))) != 0 ? Black : White;
            }

            _display.Write(0, (int)(top + y), row);
        }

        return CatchResult.Ok;
    }
}

using System.Text;
using Firmament.Firmware.Booting;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>A boot script. The comment in front tells whoever finds it in memory that it is Forth (IEEE 1275-1994 7.4.3.2).</summary>
internal sealed class ScriptProgram(string script) : BootProgram
{
    private readonly byte[] _text = Encoding.Latin1.GetBytes("\\ boot script\n" + script + "\n");

    /// <inheritdoc/>
    public override long Length => _text.Length;

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room) =>
        _text.Length <= room && space.TryWrite(address, _text) ? _text.Length : -1;
}

using Firmament.Cli.Terminal;

namespace Firmament.Cli.Tests;

public sealed class TerminalTests
{
    [Fact]
    public void Raw_mode_changes_a_terminal_and_restore_puts_it_back()
    {
        int master = Libc.OpenPseudoTerminal(Libc.OpenPty);
        Assert.SkipWhen(master < 0, "This host gives no pseudo-terminals.");
        try
        {
            byte[] before = Attributes(master);
            TerminalMode mode = TerminalMode.Open(master, signals: false)!;
            Assert.True(mode.EnterRaw());
            byte[] raw = Attributes(master);
            Assert.NotEqual(before, raw);
            Assert.Equal(before[4], raw[4]); // output processing stays
            mode.Restore();
            mode.Restore();
            Assert.Equal(before, Attributes(master));
            Assert.False(mode.IsRaw);
        }
        finally
        {
            _ = Libc.Close(master);
        }
    }

    [Fact]
    public void A_file_is_no_terminal() => Assert.Null(TerminalMode.Open(-1, signals: false));

    private static byte[] Attributes(int descriptor)
    {
        byte[] attributes = new byte[128];
        Assert.Equal(0, Libc.GetAttributes(descriptor, attributes));
        return attributes[..60];
    }
}

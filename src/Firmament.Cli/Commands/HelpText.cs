using System.Globalization;
using System.Text;
using Firmament.Cli.Options;

namespace Firmament.Cli.Commands;

/// <summary>What --help prints; at most 100 columns.</summary>
internal static class HelpText
{
    private const int Columns = 100;

    /// <summary>--help, and no arguments where nobody types: what the program can do, in some 20 lines.</summary>
    public const string Overview = """
        Firmament boots PowerPC operating systems without a ROM: the firmware runs on the host.

          firmament demo                         boot a small built-in program, nothing to download
          firmament run --kernel vmlinux --append "console=ttyS0"
                                                 boot a kernel on a pegasos2 with the console here
          firmament run --machine pseries --kernel vmlinux --append "console=hvc0"
                                                 the same for a 64-bit kernel
          firmament boot disk.img                boot what is on a disk or CD image
          firmament boot debian                  fetch Debian's installer for ppc64el and boot it
          firmament run                          the firmware's own prompt, when nothing boots
          firmament dt --machine pegasos2        print the device tree a guest would get
          firmament trace summarize calls.txt    count what a guest asked the firmware; diff compares
          firmament completion bash              print shell completions (bash, zsh, fish)
          firmament version                      print the version

        run also takes QEMU's options (firmament -M pegasos2 -kernel vmlinux -nographic), and the
        program takes QEMU's place when it is called qemu-system-ppc or qemu-system-ppc64.
        More: firmament run --help

        """;

    /// <summary>Help of run.</summary>
    public static string Run { get; } = Build(RunOptions.Run, "firmament run --kernel FILE [options]", """
        Boots a client program (a Linux kernel, say) and connects its console to this terminal.
        Ctrl-A x ends, Ctrl-A c opens the monitor, Ctrl-A h shows more keys.
        """, """
        Examples:
          firmament run --kernel vmlinux --initrd root.cpio.gz --append "console=ttyS0"
          firmament run --machine pseries --cpu power8 -smp 2 --kernel vmlinux --append "console=hvc0"
          firmament run --kernel vmlinux --drive file=disk.img,if=virtio --time host
          firmament run --kernel vmlinux --no-reboot --until "login:" --timeout 60     (for tests)
          firmament run --kernel vmlinux --trace firmware --trace-file calls.txt
          firmament run --kernel vmlinux --profile out.folded --symbols System.map

        Exit codes: 0 power-off, reset with --no-reboot, --until met, or ended by a signal; 1 an error;
        124 --timeout.
        """);

    /// <summary>Help of boot.</summary>
    public static string Boot { get; } = Build(RunOptions.Boot, "firmament boot IMAGE|debian [options]", """
        Boots what is on a disk or CD image, as the firmware finds it: a PReP partition, a CHRP boot
        script, a blessed file. The machine is the one that the image is for, unless you name it.

        "debian" fetches Debian's installer instead and boots it on a pseries machine. It comes from its
        netboot package, by this host's apt, and stays in ~/.cache/firmament: the next boot needs no
        network.
        """, """
        Examples:
          firmament boot disk.img
          firmament boot grub.iso --machine pegasos2
          firmament boot debian
          firmament boot debian --release 13 --memory 2G --drive file=disk.img,if=virtio
          firmament boot debian --until "Select a language" --timeout 300              (for tests)
        """);

    /// <summary>Help of dt.</summary>
    public static string DeviceTree { get; } = Build(RunOptions.DeviceTree, "firmament dt [options]", """
        Prints the device tree that a machine with these options gives its guest.
        """, """
        Examples:
          firmament dt --machine pegasos2 --memory 1G
          firmament dt --format dtb --output pegasos2.dtb
          firmament dt --no-rtas --diff pegasos2.dtb
        """);

    /// <summary>Help of demo.</summary>
    public const string Demo = """
        Usage: firmament demo [options of run]

        Boots a client program that is built in: it talks to the firmware (prints the device tree's
        root, claims memory, asks the time) and powers off.

        Example:
          firmament demo --trace firmware

        """;

    /// <summary>Help of completion.</summary>
    public const string Completion = """
        Usage: firmament completion bash|zsh|fish

        Prints a completion script.

        Examples:
          firmament completion bash > ~/.local/share/bash-completion/completions/firmament
          firmament completion zsh > "${fpath[1]}/_firmament"
          firmament completion fish > ~/.config/fish/completions/firmament.fish

        """;

    internal static string Build(OptionSet options, string usage, string intro, string examples)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Usage: {usage}\n\n{intro}\n");
        foreach (IGrouping<OptionGroup, RunOption> group in options.All.Where(static o => o.Group != OptionGroup.Qemu).GroupBy(static o => o.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{group.Key}:\n");
            foreach (RunOption option in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {Left(option),-24} {option.Help}\n");
            }
        }

        if (options.All.Any(static o => o.Group == OptionGroup.Qemu))
        {
            text.Append("\nQEMU's options, with one dash or two:\n");
            Wrap(text, options.All.Where(static o => o.Group == OptionGroup.Qemu).Select(static o => "-" + o.Name));
        }

        return text.Append('\n').Append(examples).Append('\n').ToString();
    }

    private static string Left(RunOption option)
    {
        string names = option.Aliases.Length == 0 ? option.Display : $"-{option.Aliases[0]}, {option.Display}";
        return option.ValueName == null ? names : $"{names} {option.ValueName}";
    }

    private static void Wrap(StringBuilder text, IEnumerable<string> words)
    {
        int column = 0;
        foreach (string word in words)
        {
            if (column + word.Length + 1 > Columns)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column == 0 ? "  " : " ").Append(word);
            column += word.Length + (column == 0 ? 2 : 1);
        }

        text.Append('\n');
    }
}

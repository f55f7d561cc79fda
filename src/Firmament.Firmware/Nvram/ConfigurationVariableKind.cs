namespace Firmament.Firmware.Nvram;

/// <summary>What a configuration variable may hold (IEEE 1275-1994 7.4.4.1).</summary>
public enum ConfigurationVariableKind
{
    /// <summary>Any text on one line.</summary>
    Text,

    /// <summary>"true" or "false".</summary>
    Flag,

    /// <summary>A number: decimal, or hexadecimal with 0x in front.</summary>
    Number,

    /// <summary>Text of several lines: Forth.</summary>
    Script,
}

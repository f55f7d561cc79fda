namespace Firmament.Firmware.Nvram;

/// <summary>The firmware's configuration variables (IEEE 1275-1994 7.4.4), as text. What is set is kept in NVRAM and shown in `/options`.</summary>
public interface IConfigurationVariables
{
    /// <summary>Every variable that exists, in order of name.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The present value, or null when there is no such variable.</summary>
    string? Get(string name);

    /// <summary>The value it has when nobody sets it, or null when there is no such variable or it has none.</summary>
    string? DefaultOf(string name);

    /// <summary>Sets a variable. False when the value does not fit its type, or NVRAM has no room; then nothing changed.</summary>
    bool TrySet(string name, string value);

    /// <summary>Back to the default. False when there is no such variable.</summary>
    bool TryReset(string name);
}

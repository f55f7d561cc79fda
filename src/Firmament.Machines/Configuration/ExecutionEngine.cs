namespace Firmament.Machines.Configuration;

/// <summary>What runs the guest's instructions. Results are the same, down to the state's hash.</summary>
public enum ExecutionEngine
{
    /// <summary>Translates hot code to the host's, where there is a translator for it (Linux on x86-64); else as <see cref="Interpreter"/>.</summary>
    Translator,

    /// <summary>Interprets everything.</summary>
    Interpreter,
}

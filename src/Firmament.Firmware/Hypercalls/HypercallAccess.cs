namespace Firmament.Firmware.Hypercalls;

/// <summary>Who may use a hypercall, and who traces it.</summary>
public enum HypercallAccess
{
    /// <summary>Supervisor code.</summary>
    Supervisor,

    /// <summary>User programs too.</summary>
    User,

    /// <summary>Supervisor code; it only carries a call whose own table traces it.</summary>
    Carrier,
}

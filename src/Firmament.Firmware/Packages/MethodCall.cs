namespace Firmament.Firmware.Packages;

/// <summary>What a method of a package works with.</summary>
public readonly ref struct MethodCall
{
    /// <summary>Makes a call of a method of <paramref name="instance"/>.</summary>
    public MethodCall(OpenFirmware firmware, Instance instance, GuestAddressSpace space, DataStack stack)
    {
        Firmware = firmware;
        Instance = instance;
        Space = space;
        Stack = stack;
    }

    /// <summary>The firmware.</summary>
    public OpenFirmware Firmware { get; }

    /// <summary>`my-self`.</summary>
    public Instance Instance { get; }

    /// <summary>What addresses on the stack mean.</summary>
    public GuestAddressSpace Space { get; }

    /// <summary>Arguments in, results out.</summary>
    public DataStack Stack { get; }

    /// <summary>`$call-parent`: runs a method of the parent instance on the same stack.</summary>
    /// <returns>A catch result.</returns>
    public int CallParent(ReadOnlySpan<byte> method) =>
        Instance.Parent is { } parent ? Firmware.CallMethod(parent, method, Space, Stack) : CatchResult.UnsupportedOperation;
}

namespace Firmament.Firmware.Packages;

/// <summary>What a method does.</summary>
/// <returns>A catch result.</returns>
public delegate int MethodBody<in T>(T package, MethodCall call);

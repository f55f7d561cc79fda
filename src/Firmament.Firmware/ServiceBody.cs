namespace Firmament.Firmware;

/// <summary>What a service does. Never traces: its table does.</summary>
/// <param name="services">The services' owner.</param>
/// <param name="call">The arguments; the second and later results are set here.</param>
/// <returns>The first result; ignored where the service defines none.</returns>
public delegate uint ServiceBody<in T>(T services, CallBlock call);

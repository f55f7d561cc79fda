namespace Firmament.Firmware.Hypercalls;

/// <summary>One hypercall.</summary>
/// <param name="Number">Token, number or selector.</param>
/// <param name="Name">As its specification spells it.</param>
/// <param name="Arguments">How many argument registers it reads; a trace shows them.</param>
/// <param name="Results">How many result registers it sets beside r3; a trace shows them.</param>
/// <param name="Access">Who may call it, and whether its call is traced elsewhere.</param>
/// <param name="Body">What it does.</param>
public sealed record HypercallRow(uint Number, string Name, int Arguments, int Results, HypercallAccess Access, HypercallBody Body);

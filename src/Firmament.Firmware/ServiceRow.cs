namespace Firmament.Firmware;

/// <summary>One service of a <see cref="ServiceTable{T}"/>.</summary>
/// <param name="Name">As clients spell it.</param>
/// <param name="Token">The RTAS token; 0 where services go by name.</param>
/// <param name="Signature">Arguments and results.</param>
/// <param name="Body">What it does.</param>
public sealed record ServiceRow<T>(string Name, uint Token, ServiceSignature Signature, ServiceBody<T> Body);
